"""Levels are means of exact areas, crops are linear samples between a square's edges; both to float rounding."""

import numpy as np
import pytest

from recognition.packs.pyramid import OUTSIDE, Pyramid


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


def test_crops() -> None:
    pixels = image(40, 60)
    squares = np.array([[3, 2, 35.5, 34.5], [-8, -4, 30, 34], [30, 10, 66, 46]], np.float32)
    for (x1, y1, x2, y2), crop in zip(squares, Pyramid(pixels).crops(squares, 24), strict=True):
        for row, y in enumerate(np.linspace(y1, y2, 24) * 39 / 40):
            for column, x in enumerate(np.linspace(x1, x2, 24) * 59 / 60):
                if not (0 <= x <= 59 and 0 <= y <= 39):
                    assert (crop[row, column] == OUTSIDE).all()
                    continue
                left, top = int(x), int(y)
                right, bottom = min(left + 1, 59), min(top + 1, 39)
                upper = pixels[top, left] * (left + 1 - x) + pixels[top, right] * (x - left)
                lower = pixels[bottom, left] * (left + 1 - x) + pixels[bottom, right] * (x - left)
                expected = upper * (top + 1 - y) + lower * (y - top)
                np.testing.assert_allclose(crop[row, column], expected, atol=0.05)


def test_no_squares_give_no_crops() -> None:
    assert Pyramid(image(20, 20)).crops(np.zeros((0, 4), np.float32), 24).shape == (0, 24, 24, 3)
