"""An image at several sizes, each made from the one before, and square crops taken from the size that suits them.

Resizing the full frame for each of nine levels took more time than the network that looked at them. Here the frame
is halved exactly, again and again, by averaging (the path for which OpenCV has vector code); a level is a linear
interpolation of the nearest half, by a factor between 0.7 and 1.4, at which nothing aliases.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.types import Image

OUTSIDE = (128, 128, 128)  # what lies beyond the image: the networks' zero


class Pyramid:
    """Halves of an image, made when first asked for."""

    def __init__(self, image: Image) -> None:
        self._halves = [image]
        self.height, self.width = image.shape[:2]

    def _half(self, times: int) -> Image:
        while len(self._halves) <= times:
            larger = self._halves[-1]
            height, width = larger.shape[0] // 2, larger.shape[1] // 2
            even = larger[: 2 * height, : 2 * width]
            half = cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
            self._halves.append(np.asarray(half, np.uint8))
        return self._halves[times]

    def at(self, scale: float) -> Image:
        """The image resized by `scale`, which may be over 1; sides are rounded down."""
        times = max(0, round(-np.log2(scale)))
        size = (int(self.width * scale), int(self.height * scale))
        half = self._half(times)
        if (half.shape[1], half.shape[0]) == size:
            return half
        return np.asarray(cv2.resize(half, size, interpolation=cv2.INTER_LINEAR), np.uint8)

    def crops(self, squares: NDArray[np.float32], side: int) -> NDArray[np.uint8]:
        """(n, 4) squares to (n, side, side, 3), sampled linearly at half to full size; beyond the image is grey.

        As in the package mtcnn, the first and last sample lie on the square's edges, and an edge at the image's full
        width lies on its last pixel.
        """
        out = np.empty((len(squares), side, side, 3), np.uint8)
        spans = np.maximum(squares[:, 2] - squares[:, 0], 1)
        times = np.maximum(np.floor(np.log2(spans / side)), 0).astype(int)
        fit_x, fit_y = (self.width - 1) / self.width, (self.height - 1) / self.height
        for crop, (x, y), span, n in zip(out, squares[:, :2], spans, times, strict=True):
            shrink = 0.5**n
            step = span * shrink / (side - 1)
            # a pixel's centre at index i of the full image has the index (i + 1/2) shrink - 1/2 in the half
            first_x, first_y = (x * fit_x + 0.5) * shrink - 0.5, (y * fit_y + 0.5) * shrink - 0.5
            cv2.warpAffine(
                self._half(n),
                np.array([[step * fit_x, 0, first_x], [0, step * fit_y, first_y]]),
                (side, side),
                dst=crop,
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=OUTSIDE,
            )
        return out
