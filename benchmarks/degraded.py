"""What do size, blur and light cost?  python benchmarks/degraded.py DIR [--people 220] [--threshold 0.9485]

The source of the quality limits: of each person drawn, the first image is the reference as it is, the second is made
worse and searched for. The default threshold gives an FPIR of about 1 % with 250 people of LFW listed.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cv2
import numpy as np

from recognition.measuring.photographs import central_face
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load
from recognition.pipeline.align import align
from recognition.pipeline.embed import embed
from recognition.pipeline.picture import read_picture, write_jpeg
from recognition.pipeline.quality import LIVE, measure
from recognition.pipeline.types import Engine, Image, Quality, Template

MIN_FACE = 20  # so that faces made small are still looked for
INTER_EYE = 44  # median pixels between the eyes of LFW
STRANGERS_OVER = 0.93

Change = Callable[[Image], Image]


def main() -> int:
    arguments = _parse()
    engine = load(arguments.pack, DEFAULT_CACHE)
    rng = np.random.default_rng(0)
    people = [images for images in _images(arguments.folder) if len(images) >= 2]
    drawn = [people[i] for i in rng.choice(len(people), arguments.people, replace=False)]
    pairs = [(read_picture(images[0].read_bytes()), read_picture(images[1].read_bytes())) for images in drawn]
    references = {row: made[0] for row, (first, _) in enumerate(pairs) if (made := _look(engine, first))}
    print("change      found  recognised  strangers over 0.93  sharpness (5 %, median)  brightness  usable live")
    for name, change in CHANGES.items():
        probes = {row: made for row in references if (made := _look(engine, change(pairs[row][1])))}
        print(_line(name, references, probes, arguments.threshold))
    return 0


def _look(engine: Engine, image: Image) -> tuple[Template, Quality] | None:
    face = central_face(engine, image, min_face=MIN_FACE)
    if face is None:
        return None
    chip = align(image, face.landmarks)
    return embed(engine.recogniser, [chip])[0], measure(chip, face.landmarks, limits=LIVE)


def _line(
    name: str, references: dict[int, Template], probes: dict[int, tuple[Template, Quality]], threshold: float
) -> str:
    own = np.array([probe @ references[row] for row, (probe, _) in probes.items()])
    others = np.array(
        [probe @ listed for row, (probe, _) in probes.items() for other, listed in references.items() if other != row]
    )
    qualities = [quality for _, quality in probes.values()]
    sharpness = np.array([quality.sharpness for quality in qualities])
    return (
        f"{name:10s}  {len(probes) / len(references):5.0%}  {(own >= threshold).mean():10.1%}  "
        f"{(others >= STRANGERS_OVER).mean():19.2%}  {np.quantile(sharpness, 0.05):12.1f}  "
        f"{np.median(sharpness):9.1f}  "
        f"{np.median([quality.exposure for quality in qualities]):10.0f}  "
        f"{np.mean([quality.usable for quality in qualities]):11.0%}"
    )


def _shrunk(inter_eye: int) -> Change:
    scale = inter_eye / INTER_EYE
    return lambda image: _pixels(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _blurred(sigma: float) -> Change:
    return lambda image: _pixels(cv2.GaussianBlur(image, (0, 0), sigma))


def _smeared(length: int) -> Change:
    return lambda image: _pixels(cv2.blur(image, (length, 1)))


def _lit(factor: float) -> Change:
    return lambda image: np.clip(image * factor, 0, 255).astype(np.uint8)


def _compressed(quality: int) -> Change:
    return lambda image: read_picture(write_jpeg(image, quality=quality))


def _pixels(image: np.ndarray) -> Image:
    return np.asarray(image, dtype=np.uint8)


CHANGES: dict[str, Change] = {
    "none": lambda image: image,
    **{f"eyes {px} px": _shrunk(px) for px in (30, 24, 20, 16, 12)},
    **{f"blur {px} px": _blurred(px) for px in (1, 2, 3, 4)},
    **{f"smear {px} px": _smeared(px) for px in (5, 9, 15)},
    **{f"light {factor}": _lit(factor) for factor in (0.15, 0.25, 0.4, 1.6, 2.0)},
    **{f"JPEG {quality}": _compressed(quality) for quality in (10, 30, 50)},
}


def _images(folder: Path) -> list[list[Path]]:
    return [sorted(own.iterdir()) for own in sorted(folder.iterdir()) if own.is_dir()]


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What size, blur and light cost, on labelled photographs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pack", default=DEFAULT_PACK)
    parser.add_argument("--people", type=int, default=220)
    parser.add_argument("--threshold", type=float, default=0.9485)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
