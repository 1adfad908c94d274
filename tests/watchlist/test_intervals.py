"""Intervals and sample sizes, against published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.intervals import Share, at_most, difference, sample_for


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [  # Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_share_has_wilsons_interval(count, of, low, high):
    assert Share(count, of).interval == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe, Interval estimation for the difference between independent proportions (1998), table II, method 10
        (Share(56, 70), Share(48, 80), 0.0524, 0.3339),
        (Share(9, 10), Share(3, 10), 0.1705, 0.8090),
        (Share(5, 56), Share(0, 29), -0.0381, 0.1926),
        (Share(10, 10), Share(0, 20), 0.6791, 1.0000),
    ],
)
def test_a_difference_has_newcombes_interval(first, second, low, high):
    found = difference(first, second)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.excludes_none == (low > 0)


@pytest.mark.parametrize(("first", "second", "needed"), [(0.89, 0.79, 210), (0.89, 0.84, 733), (0.5, 0.4, 388)])
def test_a_sample_is_as_large_as_the_gap_asks_for(first, second, needed):
    assert sample_for(first, second) == sample_for(second, first) == needed


@pytest.mark.parametrize(("of", "rate"), [(3_000, 1 / 1_000), (18_000, 1 / 6_000)])
def test_of_what_was_never_seen_the_rule_of_three_holds(of, rate):
    assert at_most(of) == pytest.approx(rate, rel=0.01)
    assert at_most(0) == 1


@given(st.integers(1, 5000), st.floats(0, 1))
def test_a_share_lies_in_its_interval_and_more_trials_make_it_narrower(of, part):
    share = Share(round(part * of), of)
    low, high = share.interval
    assert low <= share.value + 1e-12
    assert share.value <= high + 1e-12
    more_low, more_high = Share(4 * share.count, 4 * of).interval
    assert more_high - more_low < high - low


@given(st.integers(1, 200), st.integers(1, 200), st.floats(0, 1), st.floats(0, 1))
def test_a_difference_turned_round_is_its_opposite(of, other, part, second):
    one, two = Share(round(part * of), of), Share(round(second * other), other)
    there, back = difference(one, two), difference(two, one)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low - 1e-9 <= there.value <= there.high + 1e-9


def test_nothing_tried_leaves_everything_possible():
    assert Share(0, 0).interval == (0, 1)
    with pytest.raises(ValueError, match="of nothing"):
        _ = Share(0, 0).value


@pytest.mark.parametrize(("count", "of"), [(2, 1), (-1, 5)])
def test_more_than_all_is_no_share(count, of):
    with pytest.raises(ValueError, match="no share"):
        Share(count, of)


def test_equal_rates_are_told_apart_by_no_sample():
    with pytest.raises(ValueError, match="No sample"):
        sample_for(0.3, 0.3)
