"""Where is the face in the picture? Upright crops: one for the recogniser, one for human eyes."""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.interfaces import Alignment, Laid
from recognition.pipeline.types import Face, Image

CHIP_SIDE = 150

# Where MTCNN's five points fall in dlib's own 150x150 chips: mean over 286 faces of LFW; eye, eye, nose, mouth, mouth.
CHIP_TEMPLATE = np.array(
    [(48.00, 45.94), (103.18, 45.81), (74.64, 78.89), (52.45, 106.20), (98.83, 105.95)], dtype=np.float32
)

# What a closer look changes about a chip, one step up or down: a twentieth larger, 3 pixels aside, 4 higher, 4 degrees
# turned. Steps half as long again, or each change by itself, gave less (docs/decisions/0013-closer-look.md).
SIZE_STEP, ASIDE_STEP, HEIGHT_STEP, TURN_STEP = 0.05, 3.0, 4.0, 4.0


def _varied(template: NDArray[np.float32], side: int) -> tuple[Laid, ...]:
    """Eight chips, half of them mirrored, that take every change up and down equally often and
    together with every other: a half fraction of the plan for four factors, in which three decide the fourth."""
    points, centre, scale = template.astype(np.float64), side / 2, side / CHIP_SIDE
    laid = []
    for size, aside, height in product((-1, 1), repeat=3):
        turned = points - centre
        angle = np.radians(TURN_STEP * size * aside * height)
        turned = turned @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        moved = turned * (1 + SIZE_STEP * size) + centre
        moved += scale * np.array([ASIDE_STEP * aside, HEIGHT_STEP * height])
        laid.append(Laid(moved.astype(np.float32), mirrored=size == aside))
    return tuple(laid)


# dlib's own alignment. Every pack's quality is measured on chips of this one, whatever its recogniser reads: limits are
# pixels of such a chip, and a face must not count as sharp with one pack and as blurred with another.
MEASURED = Alignment("dlib-150", CHIP_SIDE, CHIP_TEMPLATE, varied=_varied(CHIP_TEMPLATE, CHIP_SIDE))

# The same points seen from further off: hair, chin and some shoulder, for people who compare faces.
PORTRAIT_FACE_SHARE = 0.55
PORTRAIT_EYE_LINE = 0.42
NOT_SEEN = (128, 128, 128)  # what a picture does not show: beyond its edge, and who else was there

CROP_MARGIN = 0.6  # what DeepFace's own alignment needs to turn the face


def similarity(source: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float64]:
    """The turn, scale and shift, without mirroring, that takes `source` nearest to `target`.

    Both are (n, 2) points, n >= 2; the result is the (2, 3) matrix OpenCV warps with. Least squares in closed form:
    as complex numbers, target = a * source + b.
    """
    s = source.astype(np.float64) @ (1, 1j)
    t = target.astype(np.float64) @ (1, 1j)
    s_mean, t_mean = s.mean(), t.mean()
    spread = np.vdot(s - s_mean, s - s_mean).real
    a = np.vdot(s - s_mean, t - t_mean) / max(spread, 1e-9)  # points that coincide give a flat chip, not an error
    b = t_mean - a * s_mean
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def _warp(image: Image, matrix: NDArray[np.float64], side: int, *, border: int) -> Image:
    warped = cv2.warpAffine(
        image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=border, borderValue=NOT_SEEN
    )
    return np.asarray(warped, dtype=np.uint8)


def align(image: Image, landmarks: NDArray[np.float32], alignment: Alignment = MEASURED) -> Image:
    """The (side, side, 3) chip of `alignment`: landmarks (5, 2) laid on its template, border replicated."""
    return _warp(image, similarity(landmarks, alignment.template), alignment.side, border=cv2.BORDER_REPLICATE)


def align_beside(image: Image, landmarks: NDArray[np.float32], alignment: Alignment) -> list[Image]:
    """The chips that a closer look adds to the one of a first look."""
    chips = [
        (_warp(image, similarity(landmarks, laid.template), alignment.side, border=cv2.BORDER_REPLICATE), laid.mirrored)
        for laid in alignment.beside
    ]
    return [chip[:, ::-1] if mirrored else chip for chip, mirrored in chips]


def portrait(image: Image, landmarks: NDArray[np.float32], size: int = 320) -> Image:
    """A (size, size, 3) picture around the face, grey where `image` ends, since smeared borders would look like hair.
    Any two made at one size share scale and eye line, so that people can compare them side by side."""
    scale = size * PORTRAIT_FACE_SHARE / CHIP_SIDE
    eyes = CHIP_TEMPLATE[:2].mean(axis=0)
    target = (CHIP_TEMPLATE - eyes) * scale + np.array([size / 2, size * PORTRAIT_EYE_LINE])
    return _warp(image, similarity(landmarks, target.astype(np.float32)), size, border=cv2.BORDER_CONSTANT)


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A part of a picture, neither turned nor scaled."""

    picture: Image
    corner: NDArray[np.float32]  # (2,) x, y in the picture it was cut from

    def holds(self, face: Face) -> Face:
        """A face of that picture, in the crop's own pixels."""
        box = np.concatenate([face.box[:2] - self.corner, face.box[2:]])
        return Face(box, face.landmarks - self.corner, face.score)


def crop(image: Image, face: Face, *, margin: float = CROP_MARGIN) -> Crop:
    """The face with its surroundings: `margin` of the longer side of its box on each side, as far as there is any."""
    height, width = image.shape[:2]
    x, y, w, h = face.box
    around = margin * max(w, h)
    left, top = max(0, int(x - around)), max(0, int(y - around))
    right, bottom = min(width, int(np.ceil(x + w + around))), min(height, int(np.ceil(y + h + around)))
    return Crop(image[top:bottom, left:right].copy(), np.array([left, top], dtype=np.float32))
