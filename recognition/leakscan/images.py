"""What counts as a picture in bytes? Whatever decodes as one, at any offset."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from recognition.pipeline.types import Image

_MAGICS = re.compile(
    rb"\xff\xd8\xff"  # JPEG
    rb"|\x89PNG\r\n\x1a\n"
    rb"|RIFF....WEBP",
    re.DOTALL,
)
# Of a JPEG that is stored in parts, such as a long value in PostgreSQL's files, only the beginning can be recognised.
_JPEG_HEADER = re.compile(rb"\xff\xd8\xff(?:\xe0..JFIF\0|\xe1..Exif\0|\xdb\0[\x43\x84])", re.DOTALL)

_END_OF_JPEG = b"\xff\xd9"

LARGEST = 40_000_000  # bytes looked at from a magic number on
LEAST_SIDE = 16  # pixels


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    offset: int
    image: Image


def pictures(data: bytes) -> Iterator[Picture]:
    """Everything in `data` that decodes to at least 16x16 pixels, a damaged or cut-off JPEG included."""
    for found in _MAGICS.finditer(data):
        offset = found.start()
        image = _decoded(data[offset : offset + LARGEST])
        if image is not None and min(image.shape[:2]) >= LEAST_SIDE:
            yield Picture(offset, image)


def _decoded(data: bytes) -> Image | None:
    """RGB; what is missing at the end of a JPEG is grey."""
    for candidate in (data, data + _END_OF_JPEG):
        try:
            image = cv2.imdecode(np.frombuffer(candidate, np.uint8), cv2.IMREAD_COLOR_RGB)
        except cv2.error:
            continue
        if image is not None:
            return np.asarray(image, dtype=np.uint8)
    return None


def jpeg_headers(data: bytes) -> list[int]:
    """Offsets at which a JPEG begins, whether or not the rest of it follows."""
    return [found.start() for found in _JPEG_HEADER.finditer(data)]
