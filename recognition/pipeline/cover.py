"""Who else is in the picture? Nobody: every other face is covered before a picture leaves the call that saw it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.align import NOT_SEEN, Crop, crop
from recognition.pipeline.detect import detect
from recognition.pipeline.interfaces import FaceDetector
from recognition.pipeline.types import Face, Image

SMALLEST = 20  # pixels; nobody can be told by a smaller face
REACH = 0.8  # of the longer side of a face's box, around its centre: the face with its ears and hairline
LOOK_AROUND = 1.5  # likewise, on each side: a face that is cut by the edge of what is looked at is not found
SAME_FACE = 0.4  # likewise: a centre as near as this is the same face, found again a little aside


def kept_picture(detector: FaceDetector, image: Image, face: Face, *, others: Sequence[Face]) -> Crop:
    """The face with its surroundings, cut from a frame in which `others` were found too, and alone."""
    wide = crop(image, face, margin=LOOK_AROUND)
    inside = wide.holds(face)
    known = [wide.holds(other) for other in others]
    near = crop(alone(detector, wide.picture, inside, known=known), inside)
    return Crop(near.picture, near.corner + wide.corner)


def alone(detector: FaceDetector, image: Image, face: Face, *, known: Sequence[Face] = ()) -> Image:
    """The picture with every face but `face` grey, those already `known` and those found when it is looked at closely.

    What lies between two of them belongs to the nearer, each distance in sizes of its own face, so that of the one
    meant as much is seen as can be.
    """
    found = (*known, *detect(detector, image, min_face=SMALLEST))
    others = [other for other in found if not _same(other, face)]
    if not others:
        return image
    covered, own = image.copy(), _distances(image, face)
    for other in others:
        theirs = _distances(image, other)
        covered[(theirs < REACH) & (theirs < own)] = NOT_SEEN
    return covered


def _same(found: Face, face: Face) -> bool:
    return bool(np.linalg.norm(_centre(found) - _centre(face)) < SAME_FACE * face.box[2:].max())


def _centre(face: Face) -> NDArray[np.floating]:
    return face.box[:2] + face.box[2:] / 2


def _distances(image: Image, face: Face) -> NDArray[np.floating]:
    """(height, width) distances of every pixel from the face's centre, in longer sides of its box."""
    x, y = _centre(face)
    rows, columns = np.arange(image.shape[0], dtype=np.float32), np.arange(image.shape[1], dtype=np.float32)
    return np.hypot(columns[None, :] - x, rows[:, None] - y) / face.box[2:].max()
