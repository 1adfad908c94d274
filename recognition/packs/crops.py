"""Square crops of an image, with the pixels that the package mtcnn would compute; in floats, as levels are."""

import cv2
import numpy as np
from numpy.typing import NDArray

OUTSIDE = 127.5  # the networks' zero

Pixels = NDArray[np.float32]  # (height, width, 3), RGB from 0 to 255


def crops(pixels: Pixels, squares: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """(n, 4) squares to (n, side, side, 3), sampled linearly; what lies beyond the image is grey.

    As in the package mtcnn, the first and last sample lie on the square's edges, and an edge at the image's full
    width lies on its last pixel.
    """
    out = np.empty((len(squares), side, side, 3), np.float32)
    last = np.array(pixels.shape[1::-1]) - 1
    first = squares[:, :2] * last / (last + 1)
    step = (squares[:, 2:] - squares[:, :2]) * last / (last + 1) / (side - 1)
    for crop, (x, y), (step_x, step_y) in zip(out, first, step, strict=True):
        cv2.warpAffine(
            pixels,
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
