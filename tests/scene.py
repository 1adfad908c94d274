"""A frame with two people in it, one close behind the other, made from two portraits."""

import cv2
import numpy as np

from recognition.pipeline.align import crop
from recognition.pipeline.detect import detect
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image

BACKGROUND = 90


def together(engine: Engine, near: Image, far: Image, *, height: int, share: float, right: int) -> Image:
    """(720, 960, 3): `near` in the middle, the face `height` px from forehead to chin; behind it `far`, whose face is
    `share` of that and `right` px to the side."""
    frame = np.full((720, 960, 3), BACKGROUND, np.uint8)
    for picture, size, place in ((far, round(height * share), (480 + right, 360)), (near, height, (480, 360))):
        pixels, oval, middle = _head(engine, picture, size)
        x, y = place - middle
        frame[y : y + pixels.shape[0], x : x + pixels.shape[1]][oval] = pixels[oval]
    return frame


def _head(engine: Engine, picture: Image, height: int) -> tuple[Image, np.ndarray, np.ndarray]:
    """A portrait's head, which of its pixels are shown (an oval), and the middle of the face."""
    (face,) = detect(engine.detector, picture, min_face=100)
    cut = crop(picture, face)
    scale = height / face.box[3]
    pixels = cv2.resize(cut.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    x, y, w, h = cut.holds(face).box * scale
    middle, axes = (round(x + w / 2), round(y + h / 2)), (round(0.75 * w), round(0.75 * h))
    oval = cv2.ellipse(np.zeros(pixels.shape[:2], np.uint8), middle, axes, 0, 0, 360, 1, -1)
    return pixels, oval > 0, np.array(middle)
