"""An image at several sizes, with the pixels that the package mtcnn would compute.

Which of two near-tied proposals is kept hangs on the last digits of their scores, so that a pixel resized otherwise, or
rounded to a byte, is now and then a face that is lost, or a box that sits elsewhere; hence floats, and averages over
exact areas. OpenCV took most of a detection's time to average areas; here the rows are averaged first, by a sparse
matrix, so that OpenCV only meets what is left of them.
"""

from functools import lru_cache

import cv2
import numpy as np
from scipy.sparse import csr_array

from recognition.pipeline.types import Image

from .crops import Pixels

GROUP = 4  # rows added up once for all levels; an area's inner rows count as whole groups


class Pyramid:
    """A full-size image, and what is averaged from it."""

    def __init__(self, image: Image) -> None:
        self.height, self.width = image.shape[:2]
        grouped = self.height // GROUP
        self._rows = np.empty((self.height + grouped, self.width * 3), np.float32)  # the image's, then their sums
        self._rows[: self.height] = image.reshape(self.height, -1)
        self.pixels: Pixels = self._rows[: self.height].reshape(image.shape)  # the image itself, in floats
        sums = self._rows[self.height :]
        first, second, *others = (self._rows[row : grouped * GROUP : GROUP] for row in range(GROUP))
        np.add(first, second, out=sums)
        for other in others:
            sums += other

    def at(self, scale: float) -> Pixels:
        """The image resized by `scale`, at most 1: every pixel the mean of the area it covers, sides rounded down."""
        height, width = int(self.height * scale), int(self.width * scale)
        rows = _averaging(self.height, height) @ self._rows
        level = cv2.resize(rows.reshape(height, self.width, 3), (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(level, np.float32)


@lru_cache(maxsize=256)  # a dozen levels for each size of frame
def _averaging(before: int, after: int) -> csr_array:
    """(after, before + groups) weights that average `before` pixels in a row to `after` <= `before` equal areas.

    A group that lies in one area altogether is taken by its sum, which is exact: bytes add up to whole numbers.
    """
    # In units of which a pixel has `after` and an area has `before`, every edge is a whole number.
    edges = np.union1d(np.arange(before + 1) * after, np.arange(after + 1) * before)
    shares = np.diff(edges) / before
    areas, pixels = edges[:-1] // before, edges[:-1] // after
    weights = np.zeros((after, before))
    weights[areas, pixels] = shares
    members = weights[:, : before // GROUP * GROUP].reshape(after, -1, GROUP)
    whole = (members == after / before).all(axis=2)
    members[whole] = 0
    return csr_array(np.hstack([weights, whole * (after / before)]).astype(np.float32))
