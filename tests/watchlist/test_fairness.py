"""Groups beside each other: what their counts can say, and when they can say nothing."""

import pytest

from watchlist.fairness import Told, compare, ten_points, twice
from watchlist.intervals import Share


def told(comparison):
    return {(gap.first, gap.second): gap.told for gap in comparison.gaps}


def test_too_few_searches_say_nothing_and_how_many_would():
    found = compare({"b": Share(178, 200), "a": Share(178, 200)}, worse=ten_points)
    assert found.needed == 210  # 0.89 against 0.79
    assert found.gap == pytest.approx(0.1)
    assert told(found) == {("a", "b"): Told.NOT_ENOUGH}


def test_enough_searches_show_a_gap_that_is_there():
    found = compare({"a": Share(230, 250), "b": Share(195, 250)}, worse=ten_points)
    assert told(found) == {("a", "b"): Told.DIFFERENT}
    (gap,) = found.gaps
    assert gap.difference
    assert gap.difference.value == pytest.approx(0.14)


def test_enough_searches_without_a_gap_say_so():
    found = compare({"a": Share(223, 250), "b": Share(222, 250)}, worse=ten_points)
    assert told(found) == {("a", "b"): Told.NO_GAP_SEEN}


def test_one_small_group_silences_only_its_own_comparisons():
    found = compare({"a": Share(223, 250), "b": Share(222, 250), "small": Share(3, 9)}, worse=ten_points)
    assert told(found) == {
        ("a", "b"): Told.NO_GAP_SEEN,
        ("a", "small"): Told.NOT_ENOUGH,
        ("b", "small"): Told.NOT_ENOUGH,
    }
    between = next(gap.difference for gap in found.gaps if gap.second == "small" and gap.first == "a")
    assert between
    assert between.excludes_none  # too few to compare, and yet a figure to look into: both are in the row


def test_a_group_that_was_never_tried_is_named_without_a_figure():
    (gap,) = compare({"a": Share(9, 10), "b": Share(0, 0)}, worse=ten_points).gaps
    assert gap.told is Told.NOT_ENOUGH
    assert gap.difference is None


def test_false_alerts_are_held_against_double_the_rate():
    found = compare({"a": Share(10, 1000), "b": Share(10, 1000)}, worse=twice)
    assert found.needed == 2319  # 0.01 against 0.02
    assert told(found) == {("a", "b"): Told.NOT_ENOUGH}


@pytest.mark.parametrize("worse", [ten_points, twice])
@pytest.mark.parametrize("share", [Share(0, 100), Share(100, 100), Share(0, 0), Share(50, 100)])
def test_every_rate_has_a_sample_that_would_do(worse, share):
    found = compare({"a": share, "b": share}, worse=worse)
    assert found.needed > 0
    assert 0 < found.gap <= 1


def test_one_group_has_nobody_to_be_compared_with():
    assert compare({"a": Share(5, 10)}, worse=ten_points).gaps == ()
