"""Is this somebody who is looked for? By the engine that the product itself recognises people with."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.leakscan.templates import DIMENSION, Windows
from recognition.pipeline.align import align
from recognition.pipeline.embed import unit
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image, Templates

ALIKE = 0.93  # what embeddings of two different people reach in one comparison of a thousand, by one chip (LFW: 0.9286)
# Likewise of 128 numbers of what else a template holds: never negative, and so more alike. Two different people reach
# 0.9925 in one comparison of ten thousand; a closer look and a first one at the same face 0.998 at least.
REST_ALIKE = 0.9955
MIN_FACE = 24  # pixels
SMALL = 200  # pixels: pictures smaller than this are enlarged, since little is left of a face in their surroundings
LARGE = 1600  # pixels: the longer side at which a picture is looked at
LARGEST_CHIP = 400  # pixels: square pictures up to this may be an aligned face, of which no detector finds the outline


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """`wanted` (n, outputs) are embeddings of the people looked for, of unit length, with which a template begins;
    `rest` (m, 128) what else it holds, in stretches. A score is the best cosine similarity, that of the rest lowered so
    far that ALIKE is the limit for both."""

    engine: Engine
    wanted: Templates
    rest: Templates

    @classmethod
    def to(cls, engine: Engine, *pictures: Image) -> "Likeness":
        """To whoever is clearest in each picture."""
        chips = np.stack(_chips_of(engine, *pictures))
        rest = engine.recogniser.describe(chips)[:, engine.recogniser.outputs :]
        stretches = [rest[:, at : at + DIMENSION] for at in range(0, rest.shape[1] - DIMENSION + 1, DIMENSION)]
        return cls(engine, _embedded(engine, chips), unit(np.concatenate([rest[:0, :DIMENSION], *stretches])))

    def of_picture(self, picture: Image) -> float:
        """The best score of any face in it; -1 where there is none."""
        image = _readable(picture)
        alignment = self.engine.alignment
        faces = self.engine.detector.detect(image, min_face=MIN_FACE)
        chips = [align(image, face.landmarks, alignment) for face in faces]
        if picture.shape[0] == picture.shape[1] <= LARGEST_CHIP:
            chips.append(_resized(picture, alignment.side / picture.shape[0]))
        if not chips:
            return -1.0
        return float((_embedded(self.engine, np.stack(chips)) @ self.wanted.T).max())

    def of_windows(self, windows: Windows) -> NDArray[np.float64]:
        """The score of each."""
        lengths = np.linalg.norm(windows.vectors, axis=1, keepdims=True)
        vectors = windows.vectors / lengths
        found = (vectors @ self.wanted.T).max(axis=1)
        if len(self.rest):
            found = np.maximum(found, (vectors @ self.rest.T).max(axis=1) - (REST_ALIKE - ALIKE))
        return np.asarray(found)


def embeddings_of(engine: Engine, *pictures: Image) -> Templates:
    """One embedding for each picture's clearest face, whole and mirrored."""
    return _embedded(engine, np.stack(_chips_of(engine, *pictures)))


def _chips_of(engine: Engine, *pictures: Image) -> list[Image]:
    found = []
    for picture in pictures:
        faces = engine.detector.detect(picture, min_face=MIN_FACE)
        if not faces:
            raise ValueError("There is no face in this picture to look for.")
        chip = align(picture, faces[0].landmarks, engine.alignment)
        found += [chip, np.ascontiguousarray(chip[:, ::-1])]
    return found


def _embedded(engine: Engine, chips: Image) -> Templates:
    """(n, side, side, 3) to (n, outputs) of unit length."""
    return unit(engine.recogniser.embed(chips))


def _readable(picture: Image) -> Image:
    longer = max(picture.shape[:2])
    scale = 2.0 if longer < SMALL else min(1.0, LARGE / longer)
    return picture if scale == 1.0 else _resized(picture, scale)


def _resized(picture: Image, scale: float) -> Image:
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, size, interpolation=method), dtype=np.uint8)
