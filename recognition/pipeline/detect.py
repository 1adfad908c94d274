"""Where are faces in the frame? The pack's detector, and only what it says inside the picture."""

import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.interfaces import DetectsNear, FaceDetector
from recognition.pipeline.types import Face, Image

BETWEEN = (1, 0.85, 0.7)  # of the smallest face asked for


def detect(detector: FaceDetector, image: Image, *, min_face: int) -> list[Face]:
    """Faces of at least about `min_face` pixels whose centre is in the picture, best score first."""
    return _inside(detector.detect(image, min_face), image)


def detect_near(detector: DetectsNear, image: Image, boxes: NDArray[np.float32]) -> list[Face]:
    """Faces near where `boxes`, (n, 4) x y width height, expect them, with the centre in the picture."""
    return _inside(detector.detect_near(image, boxes), image)


def detect_in_still(detector: FaceDetector, image: Image, *, min_face: int) -> list[Face]:
    """As `detect`, for a picture that is seen once: where nothing is found, it is looked at again in sizes between.

    A detector looks at an image in steps of size and now and then misses a face that falls between two. Of a passage
    the next frame is another size; of 3,481 photographs 15 were lost at the first look and 1 after the third.
    """
    looks = (detect(detector, image, min_face=round(min_face * share)) for share in BETWEEN)
    return next((faces for faces in looks if faces), [])


def _inside(faces: list[Face], image: Image) -> list[Face]:
    height, width = image.shape[:2]
    return [face for face in faces if _centre_inside(face, width, height)]


def _centre_inside(face: Face, width: int, height: int) -> bool:
    x, y, w, h = face.box
    return bool(0 <= x + w / 2 < width and 0 <= y + h / 2 < height)
