"""Levels are means of exact areas, to float rounding."""

import numpy as np
import pytest

from recognition.packs.pyramid import Pyramid


def image(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height * width).integers(0, 256, (height, width, 3), np.uint8)


def averaged(pixels: np.ndarray, after: int) -> np.ndarray:
    """Rows cut into `after` pieces each, and as many groups of pieces averaged."""
    pieces = np.repeat(pixels.astype(np.float64), after, axis=0)
    return pieces.reshape(after, len(pixels), *pixels.shape[1:]).mean(axis=1)


@pytest.mark.parametrize(("height", "width"), [(50, 70), (61, 37), (12, 300)])
@pytest.mark.parametrize("scale", [1, 0.709, 0.5, 0.2])
def test_levels(height: int, width: int, scale: float) -> None:
    pixels = image(height, width)
    rows = averaged(pixels, int(height * scale))
    expected = averaged(rows.transpose(1, 0, 2), int(width * scale)).transpose(1, 0, 2)
    np.testing.assert_allclose(Pyramid(pixels).at(scale), expected, atol=1e-3)
