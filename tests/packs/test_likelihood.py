"""One person or two? The thresholds hold what their definitions say, on the shipped calibration."""

from dataclasses import replace

import pytest

from recognition.packs.calibration import shipped
from recognition.packs.likelihood import (
    ALIKE,
    ASKED_IN_VAIN,
    FITTING,
    LISTED_TWICE,
    alike_threshold,
    fitting_threshold,
    one_person_threshold,
)
from tests.cast import PACK
from watchlist.calibration import Calibration, Frames

LISTS = (1, 10, 100, 1000, 10_000)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    return shipped(PACK)


def below(calibration: Calibration, threshold: float) -> float:
    return calibration.thresholds[calibration.thresholds.index(threshold) - 1]


@pytest.mark.parametrize("compared", LISTS)
def test_from_its_threshold_on_one_person_is_likelier_and_not_before(calibration: Calibration, compared: int) -> None:
    def odds(threshold: float) -> float:
        mated = calibration.recognised_share(threshold, frames=Frames.SINGLE)
        return LISTED_TWICE * mated / (compared * calibration.false_alert_rate(threshold, templates=1))

    threshold = one_person_threshold(calibration, compared=compared)
    assert odds(threshold) > 1
    assert odds(below(calibration, threshold)) <= 1


@pytest.mark.parametrize("compared", LISTS)
def test_few_are_asked_about_in_vain_however_long_the_list(calibration: Calibration, compared: int) -> None:
    threshold = alike_threshold(calibration, compared=compared)
    assert calibration.false_alert_rate(threshold, templates=1) <= ALIKE
    assert calibration.false_alert_rate(threshold, templates=compared) <= ASKED_IN_VAIN


def test_a_list_too_long_for_any_threshold_still_has_one(calibration: Calibration) -> None:
    """Of models to which one pair of people in a million looks the same."""
    shares = tuple(max(share, 1e-6) for share in calibration.non_mated.shares)
    blunt = replace(calibration, non_mated=replace(calibration.non_mated, shares=shares, upper=shares))
    for threshold in (alike_threshold, one_person_threshold):
        assert threshold(blunt, compared=10**11) == blunt.thresholds[-1]


def test_thresholds_rise_with_the_list(calibration: Calibration) -> None:
    for threshold in (alike_threshold, one_person_threshold):
        found = [threshold(calibration, compared=compared) for compared in LISTS]
        assert found == sorted(found)
    assert alike_threshold(calibration, compared=0) == alike_threshold(calibration, compared=1)


def test_almost_all_pairs_of_one_person_fit(calibration: Calibration) -> None:
    threshold = fitting_threshold(calibration)
    above = calibration.thresholds[calibration.thresholds.index(threshold) + 1]
    assert calibration.recognised_share(threshold, frames=Frames.SINGLE) >= FITTING
    assert calibration.recognised_share(above, frames=Frames.SINGLE) < FITTING
    assert fitting_threshold(calibration, share=1.01) == calibration.thresholds[0]
