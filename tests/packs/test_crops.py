"""Crops are linear samples between a square's edges, to float rounding; beyond the image they are grey."""

import numpy as np

from recognition.packs.crops import OUTSIDE, crops


def test_crops() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3)).astype(np.float32)
    squares = np.array([[3, 2, 35.5, 34.5], [-8, -4, 30, 34], [30, 10, 66, 46]], np.float32)
    for (x1, y1, x2, y2), crop in zip(squares, crops(pixels, squares, 24), strict=True):
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
    assert crops(np.zeros((20, 20, 3), np.float32), np.zeros((0, 4), np.float32), 24).shape == (0, 24, 24, 3)


def test_a_square_wholly_beyond_the_image_is_grey() -> None:
    squares = np.array([[70, 5, 90, 25], [-40, -40, -10, -10]], np.float32)
    assert (crops(np.zeros((40, 60, 3), np.float32), squares, 24) == OUTSIDE).all()
