"""What does an engine make of a folder of photographs, one folder inside it per person? For measuring only."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from recognition.pipeline.align import align
from recognition.pipeline.detect import detect_in_still
from recognition.pipeline.embed import embed
from recognition.pipeline.limits import LIVE
from recognition.pipeline.quality import measure
from recognition.pipeline.types import Engine, Face, Image, Quality, Template

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
MIN_FACE = 40


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """One face: who it is, by number only, and what the engine makes of it."""

    person: int
    template: Template
    quality: Quality


@dataclass(frozen=True, slots=True)
class Collection:
    """All the photographs of a folder in which a face was found."""

    photographs: tuple[Photograph, ...]
    images: int
    not_detected: int
    ms_per_image: float


def read_people(engine: Engine, folder: Path) -> Collection:
    """Every image of every person in `folder`; of several faces the one nearest the centre.

    ValueError where there is no face at all.
    """
    start, found, images = perf_counter(), [], 0
    for person, path in _paths(folder):
        images += 1
        if photograph := _read(engine, person, path):
            found.append(photograph)
    if not found:
        raise ValueError(f"No face was found under {folder}. It must hold one folder of images per person.")
    return Collection(tuple(found), images, images - len(found), (perf_counter() - start) * 1000 / images)


def _paths(folder: Path) -> Iterator[tuple[int, Path]]:
    people = sorted(path for path in folder.iterdir() if path.is_dir())
    for person, own in enumerate(people):
        for path in sorted(own.iterdir()):
            if path.suffix.lower() in SUFFIXES:
                yield person, path


def _read(engine: Engine, person: int, path: Path) -> Photograph | None:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if image is None:
        raise ValueError(f"{path} is not a readable image.")
    pixels = np.asarray(image, dtype=np.uint8)
    face = central_face(engine, pixels)
    if face is None:
        return None
    chip = align(pixels, face.landmarks, engine.alignment)
    return Photograph(person, embed(engine.recogniser, [chip])[0], measure(pixels, face.landmarks, limits=LIVE))


def central_face(engine: Engine, image: Image, *, min_face: int = MIN_FACE) -> Face | None:
    """The face nearest the centre, which such collections are cut around; None where there is none."""
    faces = detect_in_still(engine.detector, image, min_face=min_face)
    return min(faces, key=lambda face: _off_centre(face, image), default=None)


def _off_centre(face: Face, image: Image) -> float:
    height, width = image.shape[:2]
    return float(np.hypot(*(face.box[:2] + face.box[2:] / 2 - (width / 2, height / 2))))
