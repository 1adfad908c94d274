"""An image at several sizes, and square crops of it, with the pixels that the package mtcnn would compute.

Which of two near-tied proposals is kept hangs on the last digits of their scores, so that a pixel resized otherwise, or
rounded to a byte, is now and then a face that is lost, or a box that sits elsewhere; hence floats, and averages over
exact areas. OpenCV took most of a detection's time to average areas; here the rows are averaged first, by a sparse
matrix, so that OpenCV only meets what is left of them.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from recognition.pipeline.types import Image

OUTSIDE = 127.5  # the networks' zero

Pixels = NDArray[np.float32]  # (height, width, 3), RGB from 0 to 255


class Pyramid:
    """A full-size image, and what is sampled from it."""

    def __init__(self, image: Image) -> None:
        self._image: Pixels = image.astype(np.float32, order="C")
        self.height, self.width = image.shape[:2]

    def at(self, scale: float) -> Pixels:
        """The image resized by `scale`, at most 1: every pixel the mean of the area it covers, sides rounded down."""
        height, width = int(self.height * scale), int(self.width * scale)
        rows = _averaging(self.height, height) @ self._image.reshape(self.height, -1)
        level = cv2.resize(rows.reshape(height, self.width, 3), (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(level, np.float32)

    def crops(self, squares: NDArray[np.float32], side: int) -> NDArray[np.float32]:
        """(n, 4) squares to (n, side, side, 3), sampled linearly; what lies beyond the image is grey.

        As in the package mtcnn, the first and last sample lie on the square's edges, and an edge at the image's full
        width lies on its last pixel.
        """
        out = np.empty((len(squares), side, side, 3), np.float32)
        last = np.array([self.width - 1, self.height - 1])
        first = squares[:, :2] * last / (last + 1)
        step = (squares[:, 2:] - squares[:, :2]) * last / (last + 1) / (side - 1)
        for crop, (x, y), (step_x, step_y) in zip(out, first, step, strict=True):
            cv2.warpAffine(
                self._image,
                np.array([[step_x, 0, x], [0, step_y, y]]),
                (side, side),
                dst=crop,
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )
        samples = first[:, None] + step[:, None] * np.arange(side)[:, None]  # (n, side, 2)
        beyond = (samples < 0) | (samples > last)
        out[beyond[:, :, None, 1] | beyond[:, None, :, 0]] = OUTSIDE
        return out


@lru_cache(maxsize=256)  # a dozen levels for each size of frame
def _averaging(before: int, after: int) -> csr_array:
    """(after, before) weights that average `before` pixels in a row to `after` <= `before` equal areas."""
    # In units of which a pixel has `after` and an area has `before`, every edge is a whole number.
    edges = np.union1d(np.arange(before + 1) * after, np.arange(after + 1) * before)
    shares = np.diff(edges) / before
    areas, pixels = edges[:-1] // before, edges[:-1] // after
    return csr_array((shares.astype(np.float32), (areas, pixels)), shape=(after, before))
