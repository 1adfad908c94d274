"""Arithmetic on boxes, the empty case included."""

import numpy as np
import pytest

from recognition.packs.boxes import best_of_overlapping, overlaps, shifted, squared

NONE = np.zeros((0, 4), np.float32)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


@pytest.mark.parametrize(
    ("first", "second", "of_union", "of_smaller"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1, 1),
        ((0, 0, 10, 10), (10, 0, 20, 10), 0, 0),
        ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3, 1 / 2),
        ((0, 0, 10, 10), (2, 2, 4, 4), 0.04, 1),
        ((0, 0, 10, 10), (3, 3, 3, 3), 0, 0),
    ],
)
def test_overlaps(first: tuple, second: tuple, of_union: float, of_smaller: float) -> None:
    both = boxes(first, second)
    assert overlaps(both)[0, 1] == pytest.approx(of_union)
    assert overlaps(both, of_smaller=True)[0, 1] == pytest.approx(of_smaller)


def test_the_best_of_each_cluster_is_kept_best_first() -> None:
    found = boxes((0, 0, 10, 10), (1, 0, 11, 10), (50, 50, 60, 60))
    assert best_of_overlapping(found, np.array([0.7, 0.9, 0.8], np.float32), 0.5).tolist() == [1, 2]


def test_an_outdone_box_still_suppresses() -> None:
    found = boxes((0, 0, 10, 10), (3, 0, 13, 10), (6, 0, 16, 10))
    assert best_of_overlapping(found, np.array([0.9, 0.8, 0.7], np.float32), 0.5).tolist() == [0]


def test_shifted_moves_each_edge_by_its_share() -> None:
    moved = shifted(boxes((10, 20, 30, 60)), np.array([[0.1, -0.1, 0.5, 0.25]], np.float32))
    np.testing.assert_allclose(moved, boxes((12, 16, 40, 70)))


def test_squared_keeps_the_centre_and_the_longer_side() -> None:
    np.testing.assert_allclose(squared(boxes((0, 10, 20, 50))), boxes((-10, 10, 30, 50)))


def test_no_boxes_in_no_boxes_out() -> None:
    assert overlaps(NONE).shape == (0, 0)
    assert best_of_overlapping(NONE, np.zeros(0, np.float32), 0.5).shape == (0,)
    assert shifted(NONE, NONE).shape == (0, 4)
    assert squared(NONE).shape == (0, 4)
