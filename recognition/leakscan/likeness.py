"""Is this somebody who is looked for? By the engine that the product itself recognises people with."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.leakscan.templates import Windows
from recognition.pipeline.align import align
from recognition.pipeline.embed import unit
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image, Templates

ALIKE = 0.93  # what embeddings of two different people reach in one comparison of a thousand, by one chip (LFW: 0.9286)
MIN_FACE = 24  # pixels
SMALL = 200  # pixels: pictures smaller than this are enlarged, since little is left of a face in their surroundings
LARGE = 1600  # pixels: the longer side at which a picture is looked at
LARGEST_CHIP = 400  # pixels: square pictures up to this may be an aligned face, of which no detector finds the outline


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """`wanted` (n, outputs) are embeddings of the people looked for, of unit length; a score is the best cosine
    similarity. A template of the default pack begins with one."""

    engine: Engine
    wanted: Templates

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
        return float((_embedded(self.engine, chips) @ self.wanted.T).max())

    def of_windows(self, windows: Windows) -> NDArray[np.float64]:
        """The score of each."""
        lengths = np.linalg.norm(windows.vectors, axis=1, keepdims=True)
        return np.asarray((windows.vectors / lengths @ self.wanted.T).max(axis=1))


def embeddings_of(engine: Engine, *pictures: Image) -> Templates:
    """One embedding for each picture's clearest face, whole and mirrored: what a scan is told to look for."""
    found = []
    for picture in pictures:
        faces = engine.detector.detect(picture, min_face=MIN_FACE)
        if not faces:
            raise ValueError("There is no face in this picture to look for.")
        chip = align(picture, faces[0].landmarks, engine.alignment)
        found += [chip, np.ascontiguousarray(chip[:, ::-1])]
    return _embedded(engine, found)


def _embedded(engine: Engine, chips: Sequence[Image]) -> Templates:
    """(n, outputs) of unit length."""
    return unit(engine.recogniser.embed(np.asarray(chips)))


def _readable(picture: Image) -> Image:
    longer = max(picture.shape[:2])
    scale = 2.0 if longer < SMALL else min(1.0, LARGE / longer)
    return picture if scale == 1.0 else _resized(picture, scale)


def _resized(picture: Image, scale: float) -> Image:
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    method = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, size, interpolation=method), dtype=np.uint8)
