"""People passing before a camera: frames in which each picture stands at its place, a little larger and further on."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.types import Image

BACKGROUND = 128
LIGHTEST = 1.06
STEP = 3  # pixels a picture moves from frame to frame
GROWTH = 0.02  # share a picture grows from frame to frame
JPEG_QUALITY = 90


def read(path: Path) -> Image:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    assert image is not None, f"{path} is not a picture."
    return np.asarray(image, dtype=np.uint8)


def passage(pictures: Sequence[Image], *, frames: int, cell: int = 300, columns: int = 3, seed: int = 0) -> list[bytes]:
    """JPEG frames in which up to columns x rows people pass at once, each in a cell of its own of `cell` pixels.

    No two frames are alike: position, size, light and sensor noise change.
    """
    return list(_frames(pictures, frames, cell, columns, np.random.default_rng(seed)))


def _frames(
    pictures: Sequence[Image], frames: int, cell: int, columns: int, random: np.random.Generator
) -> Iterator[bytes]:
    rows = -(-len(pictures) // columns)
    for number in range(frames):
        canvas = np.full((rows * cell, min(columns, len(pictures)) * cell, 3), BACKGROUND, np.uint8)
        for place, picture in enumerate(pictures):
            row, column = divmod(place, columns)
            _paste(canvas[row * cell : (row + 1) * cell, column * cell : (column + 1) * cell], picture, number)
        light = random.uniform(1 / LIGHTEST, LIGHTEST)
        noisy = canvas * light + random.normal(0, 2, canvas.shape)
        yield write_jpeg(noisy.clip(0, 255).astype(np.uint8), quality=JPEG_QUALITY)


def _paste(cell: Image, picture: Image, number: int) -> None:
    """The whole picture, its longer side four fifths of the cell at first."""
    scale = 0.8 * cell.shape[0] * (1 + GROWTH * number) / max(picture.shape[:2])
    small = cv2.resize(
        picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    )
    height, width = (min(a, b) for a, b in zip(small.shape[:2], cell.shape[:2], strict=True))
    top = (cell.shape[0] - height) // 2
    left = min(max(0, (cell.shape[1] - width) // 2 + STEP * number), cell.shape[1] - width)
    cell[top : top + height, left : left + width] = small[:height, :width]
