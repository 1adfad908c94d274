"""What can be wrong with a picture of a face? Copies made worse in one way at a time, by known amounts.

Each change takes a picture and the five landmarks of its face, and gives the picture made worse.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.align import CHIP_TEMPLATE, similarity
from recognition.pipeline.picture import read_picture, write_jpeg
from recognition.pipeline.types import Image

Points = NDArray[np.float32]
Change = Callable[[Image, Points], Image]

INTER_EYE = 44  # median pixels between the eyes of LFW
GREY, BLACK, SKIN, CLOTH = (128, 128, 128), (15, 15, 15), (190, 145, 120), (150, 185, 205)


def shrunk(inter_eye: int) -> Change:
    scale = inter_eye / INTER_EYE
    return lambda image, _: _pixels(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def blurred(sigma: float) -> Change:
    return lambda image, _: _pixels(cv2.GaussianBlur(image, (0, 0), sigma))


def smeared(length: int) -> Change:
    """As by someone who walks quickly across the picture."""
    return lambda image, _: _pixels(cv2.blur(image, (length, 1)))


def lit(factor: float) -> Change:
    return lambda image, _: _pixels(image * factor)


def flattened(contrast: float) -> Change:
    """As by fog or a dirty lens: every pixel nearer to the picture's mean."""
    return lambda image, _: _pixels(image.mean() + (image - image.mean()) * contrast)


def lit_from_one_side(least: float) -> Change:
    """Full light on the left of the face, `least` of it on the right, and what lies between beside the nose."""

    def change(image: Image, points: Points) -> Image:
        across = _in_chip(image, points)[..., 0]
        share = np.clip((CHIP_TEMPLATE[2, 0] + 14 - across) / 28, 0, 1)
        return _pixels(image * (least + (1 - least) * share)[..., None])

    return change


def noisy(sigma: float) -> Change:
    """As by a sensor in poor light; the same noise in every picture."""
    return lambda image, _: _pixels(image + np.random.default_rng(0).normal(0, sigma, image.shape))


def compressed(quality: int) -> Change:
    return lambda image, _: read_picture(write_jpeg(image, quality=quality))


def turned(degrees: float) -> Change:
    """Rolled around the point between the eyes."""

    def change(image: Image, points: Points) -> Image:
        x, y = points[:2].mean(axis=0).tolist()
        matrix = cv2.getRotationMatrix2D((x, y), degrees, 1)
        return _pixels(cv2.warpAffine(image, matrix, image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE))

    return change


def cut(share: float, side: str) -> Change:
    """The picture ends so that this share of the aligned face is beyond its left edge or its lower edge."""

    def change(image: Image, points: Points) -> Image:
        place = _in_chip(image, points)
        keep = place[..., 0] > 150 * share if side == "left" else place[..., 1] < 150 * (1 - share)
        rows, columns = np.flatnonzero(keep.mean(axis=1) > 0.5), np.flatnonzero(keep.mean(axis=0) > 0.5)
        return image[:, columns[0] :].copy() if side == "left" else image[: rows[-1] + 1].copy()

    return change


def covered(part: str) -> Change:
    """Something opaque in front of the face, with folds and shades of its own, drawn in the chip's coordinates."""

    def change(image: Image, points: Points) -> Image:
        back = cv2.invertAffineTransform(similarity(points, CHIP_TEMPLATE))
        drawn = image.copy()
        for outline, colour in COVERS[part]:
            corners = np.asarray(outline, np.float64) @ back[:, :2].T + back[:, 2]
            cv2.fillPoly(drawn, [np.round(corners * 16).astype(np.int32)], colour, cv2.LINE_AA, 4)
        changed = (drawn != image).any(axis=2, keepdims=True)
        return _pixels(drawn + changed * _folds(image.shape[:2], size=INTER_EYE / 8)[..., None])

    return change


def _folds(shape: tuple[int, int], *, size: float, depth: float = 6.0) -> NDArray[np.float64]:
    """Soft dark and light stains of about this size in pixels, `depth` their standard deviation in grey values."""
    stains = cv2.GaussianBlur(np.random.default_rng(0).normal(0, 1, shape), (0, 0), size)
    return np.asarray(stains / stains.std() * depth, dtype=np.float64)


def _ellipse(x: float, y: float, a: float, b: float) -> list[tuple[float, float]]:
    return [(x + a * np.cos(t), y + b * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 40)]


COVERS: dict[str, list[tuple[list[tuple[float, float]], tuple[int, int, int]]]] = {
    "bar over the eyes": [([(15, 33), (135, 33), (135, 60), (15, 60)], GREY)],
    "dark glasses": [
        (_ellipse(47, 48, 21, 15), BLACK),
        (_ellipse(104, 48, 21, 15), BLACK),
        ([(62, 42), (90, 42), (90, 46), (62, 46)], BLACK),
    ],
    "mask": [([(15, 72), (75, 62), (135, 72), (128, 125), (100, 150), (50, 150), (22, 125)], CLOTH)],
    "dark mask": [([(15, 72), (75, 62), (135, 72), (128, 125), (100, 150), (50, 150), (22, 125)], BLACK)],
    "hand at the mouth": [(_ellipse(80, 112, 42, 26), SKIN)],
    "half": [([(75, -20), (170, -20), (170, 170), (75, 170)], GREY)],
}


def _in_chip(image: Image, points: Points) -> NDArray[np.float64]:
    """(height, width, 2): where each pixel of the picture falls in the 150 x 150 chip."""
    matrix = similarity(points, CHIP_TEMPLATE)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    return np.stack([columns, rows], axis=-1) @ matrix[:, :2].T + matrix[:, 2]


def _pixels(image: NDArray) -> Image:
    return np.asarray(np.clip(np.round(image), 0, 255), dtype=np.uint8)


CUTS = (0.05, 0.1, 0.2, 0.3, 0.4)

FAULTS: dict[str, dict[str, Change]] = {
    "size": {f"eyes {px} px": shrunk(px) for px in (30, 24, 20, 16, 14, 12, 10, 8)},
    "blur": {f"blur {px} px": blurred(px) for px in (1, 1.5, 2, 2.5, 3, 4)},
    "smear": {f"smear {px} px": smeared(px) for px in (5, 9, 13, 19)},
    "dark": {f"light {factor}": lit(factor) for factor in (0.1, 0.15, 0.25, 0.4, 0.6)},
    "bright": {f"light {factor}": lit(factor) for factor in (1.3, 1.6, 2.0, 2.5)},
    "contrast": {f"contrast {factor}": flattened(factor) for factor in (0.5, 0.3, 0.2, 0.1)},
    "side light": {f"far side {least}": lit_from_one_side(least) for least in (0.6, 0.4, 0.2, 0.1)},
    "noise": {f"noise {sigma}": noisy(sigma) for sigma in (5, 10, 20, 35)},
    "compression": {f"JPEG {quality}": compressed(quality) for quality in (5, 8, 10, 15, 20, 30, 50)},
    "roll": {f"roll {degrees}": turned(degrees) for degrees in (10, 20, 30, 45)},
    "cut at the left": {f"left {share:.0%}": cut(share, "left") for share in CUTS},
    "cut below": {f"below {share:.0%}": cut(share, "below") for share in CUTS},
    "cover": {part: covered(part) for part in COVERS},
}
