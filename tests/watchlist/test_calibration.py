"""The arithmetic of a promise: for any promise and any list, not for chosen ones alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.packs.calibration import shipped
from tests.cast import PACK
from watchlist.calibration import CAUTION, STEP, Frames
from watchlist.models import Calibration
from watchlist.selectors.calibrations import Promise
from watchlist.templatetags.false_alerts import false_alert_rate, words

DEFAULT = shipped(PACK)

promised = st.integers(min_value=10, max_value=1_000_000)
lists = st.integers(min_value=1, max_value=20_000)
thresholds = st.floats(min_value=0.5, max_value=1.0)


@given(promised, promised, lists)
def test_a_stricter_promise_has_no_lower_threshold(one: int, other: int, listed: int) -> None:
    low, high = sorted((one, other))
    assert DEFAULT.threshold_for(templates=listed, one_in=low) <= DEFAULT.threshold_for(templates=listed, one_in=high)


@given(promised, lists, lists)
def test_a_longer_list_has_no_lower_threshold(one_in: int, one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert DEFAULT.threshold_for(templates=short, one_in=one_in) <= DEFAULT.threshold_for(templates=long, one_in=one_in)


@given(promised, lists)
def test_the_threshold_keeps_the_promise_and_is_the_lowest_that_does(one_in: int, listed: int) -> None:
    threshold = DEFAULT.threshold_for(templates=listed, one_in=one_in)
    assert DEFAULT.false_alert_rate(threshold, templates=listed) <= 1 / one_in * (1 + 1e-9)
    if threshold - 2 * STEP >= DEFAULT.thresholds[0]:
        assert _cautious_rate(threshold - 2 * STEP, listed) > 1 / one_in


def _cautious_rate(threshold: float, listed: int) -> float:
    share, _, upper = DEFAULT.comparison_share(threshold)
    return float(1 - (1 - share * (upper / share) ** CAUTION) ** listed)


@given(thresholds, thresholds, lists)
def test_false_alerts_fall_with_the_threshold(one: float, other: float, listed: int) -> None:
    low, high = sorted((one, other))
    rates = [DEFAULT.false_alert_rate(threshold, templates=listed) for threshold in (low, high)]
    assert 1 >= rates[0] >= rates[1] >= 0
    assert DEFAULT.recognised_share(low) >= DEFAULT.recognised_share(high)


@given(thresholds, lists, lists)
def test_false_alerts_rise_with_the_list(threshold: float, one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert DEFAULT.false_alert_rate(threshold, templates=short) <= DEFAULT.false_alert_rate(threshold, templates=long)
    assert DEFAULT.false_alert_rate(threshold, templates=0) == 0


@given(promised)
def test_the_largest_list_is_the_last_whose_threshold_was_measured(one_in: int) -> None:
    largest = DEFAULT.largest_list(one_in=one_in)
    if largest:
        assert DEFAULT.threshold_for(templates=largest, one_in=one_in) <= DEFAULT.non_mated.measured_to + STEP
    assert DEFAULT.threshold_for(templates=largest * 2 + 2, one_in=one_in) > DEFAULT.non_mated.measured_to


@given(promised, lists, st.integers(min_value=0, max_value=1_000_000))
def test_the_words_say_what_the_arithmetic_gives(one_in: int, listed: int, footfall: int) -> None:
    threshold = DEFAULT.threshold_for(templates=listed, one_in=one_in)
    promise = Promise(one_in, threshold, listed, Calibration(), DEFAULT)
    said = words(promise, footfall)
    faces = int(said.removeprefix("about one false alert in ").partition(" faces")[0].replace(",", ""))
    assert faces == pytest.approx(1 / DEFAULT.false_alert_rate(threshold, templates=listed), rel=0.06, abs=0.6)
    expected = DEFAULT.false_alerts(threshold, templates=listed, footfall=footfall)
    number = said.partition("faces, ")[2].partition(" at this footfall")[0].rpartition(" ")[2].replace(",", "")
    assert float(number) == pytest.approx(max(expected, 0.1), rel=0.06, abs=0.051)
    share = DEFAULT.recognised_share(threshold)
    told = "more than 99" if share >= 0.995 else f"about {100 * share:.0f}"
    assert f"and {told}\N{NO-BREAK SPACE}% of listed people" in said


@pytest.mark.parametrize("threshold", [0.9995, 1.0])
def test_of_what_nobody_reaches_no_figure_is_given(threshold: float, db: None) -> None:
    assert false_alert_rate(threshold, 1, PACK) == "fewer than one false alert in 1,000,000,000 faces"


def test_below_its_grid_everybody_is_taken_to_alert() -> None:
    assert DEFAULT.false_alert_rate(DEFAULT.thresholds[0] - 0.01, templates=1) == pytest.approx(1)


def test_the_spread_is_the_distance_from_the_median_to_what_84_in_100_reach() -> None:
    """The default pack's curve read off by hand; and where no grid holds it, a step, so that no margin is nought."""
    shares = DEFAULT.mated[Frames.SINGLE].shares
    median = max(t for t, share in zip(DEFAULT.thresholds, shares, strict=True) if share >= 0.5)
    most = max(t for t, share in zip(DEFAULT.thresholds, shares, strict=True) if share >= 0.84)
    assert DEFAULT.spread == pytest.approx(median - most, abs=DEFAULT.thresholds[1] - DEFAULT.thresholds[0])
    for share in (0.0, 0.5, 1.0):
        curve = replace(DEFAULT.mated[Frames.SINGLE], shares=(share,) * len(shares))
        assert replace(DEFAULT, mated={Frames.SINGLE: curve}).spread >= STEP
