"""The two public-domain portraits that installed packages carry, as uploads."""

import io
from importlib.metadata import files
from pathlib import Path
from typing import Any

from PIL import Image


def photograph(package: str, name: str) -> Image.Image:
    """A public-domain portrait that an installed package carries."""
    found = next(Path(str(file.locate())) for file in files(package) or () if file.name == name)
    return Image.open(found).convert("RGB")


def collins() -> Image.Image:
    return photograph("scikit-image", "astronaut.png")


def hopper() -> Image.Image:
    return photograph("matplotlib", "grace_hopper.jpg")


def jpeg(image: Image.Image, **options: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=92, **options)
    return written.getvalue()
