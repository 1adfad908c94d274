"""Calibration: what it promises, on the shipped figures and on people made of random numbers."""

import numpy as np
import pytest

from recognition.measuring.calibrating import calibrate
from recognition.measuring.comparisons import passed_threshold
from recognition.measuring.photographs import Photograph
from recognition.packs.calibration import Frames, from_json, shipped, to_json
from recognition.packs.registry import DEFAULT_PACK, PACKS
from recognition.pipeline.embed import unit
from recognition.pipeline.types import Quality

GOOD = Quality(inter_eye=40, sharpness=50, exposure=120, yaw=0, value=1.0)
THRESHOLDS = np.linspace(0.8, 1.0, 201)


def made_up_people(count: int, *, images: int, seed: int) -> list[Photograph]:
    """People as directions in a small space, their photographs scattered around them."""
    rng = np.random.default_rng(seed)
    people = np.repeat(rng.normal(size=(count, 24)), images, axis=0)
    templates = unit((people + 0.25 * rng.normal(size=people.shape)).astype(np.float32))
    return [Photograph(row // images, template, GOOD) for row, template in enumerate(templates)]


@pytest.fixture(scope="module")
def default():
    return shipped(PACKS[DEFAULT_PACK].identifier)


@pytest.fixture(scope="module")
def made_up():
    return calibrate(made_up_people(60, images=4, seed=1), pack="made-up-1", source="random", date="2026-01-01")


def test_a_pack_without_calibration_says_so():
    with pytest.raises(LookupError, match="no calibration"):
        shipped("unheard-of-1")


@pytest.mark.parametrize("name", ["default", "made_up"])
def test_it_survives_being_written_and_read(name, request):
    calibration = request.getfixturevalue(name)
    assert from_json(to_json(calibration)) == calibration


@pytest.mark.parametrize("name", ["default", "made_up"])
def test_rates_fall_with_the_threshold_and_rise_with_the_list(name, request):
    calibration = request.getfixturevalue(name)
    for frames in Frames:
        rates = [calibration.false_alert_rate(t, gallery_size=50, frames=frames) for t in calibration.thresholds]
        assert rates == sorted(rates, reverse=True)
    sizes = [calibration.false_alert_rate(calibration.thresholds[60], gallery_size=n) for n in (0, 1, 10, 1000, 10**6)]
    assert sizes[0] == 0
    assert sizes == sorted(sizes)
    assert sizes[-1] <= 1


def test_below_its_grid_everybody_is_taken_to_alert(default):
    assert default.false_alert_rate(default.thresholds[0] - 0.01, gallery_size=1) == pytest.approx(1)


@pytest.mark.parametrize("listed", [1, 20, 100, 250])
@pytest.mark.parametrize("rate", [0.01, 0.001])
def test_the_threshold_keeps_the_promise_and_is_the_lowest_that_does(default, listed, rate):
    threshold = default.threshold_for(gallery_size=listed, rate=rate)
    assert default.false_alert_rate(threshold, gallery_size=listed, cautious=True) <= rate
    below = default.thresholds[default.thresholds.index(threshold) - 1]
    assert default.false_alert_rate(below, gallery_size=listed, cautious=True) > rate
    expected = default.expected_false_alerts(threshold, gallery_size=listed, footfall=10_000)
    assert 0 < expected <= 10_000 * rate


def test_a_list_too_long_for_the_pack_is_refused(default):
    with pytest.raises(ValueError, match="No threshold"):
        default.threshold_for(gallery_size=10**9)


def test_the_largest_list_is_the_last_whose_threshold_was_measured(default):
    largest = default.largest_list()
    measured_to = default.non_mated[Frames.SINGLE].measured_to
    assert default.threshold_for(gallery_size=largest // 2) <= measured_to
    assert default.threshold_for(gallery_size=2 * largest) > measured_to
    assert default.largest_list(rate=0.01) > largest


def test_of_the_default_pack_it_says_what_it_was_measured_on(default):
    assert default.source
    assert default.date.startswith("20")
    assert default.non_mated[Frames.SINGLE].people > 1000
    assert 0.5 < default.recognised_share(default.threshold_for(gallery_size=20)) < 1


def test_what_it_predicts_holds_for_other_people():
    known = made_up_people(250, images=4, seed=1)
    made_up = calibrate(known, pack="made-up-1", source="random", date="2026-01-01", with_passages=False)
    others = made_up_people(400, images=1, seed=2)
    templates = np.stack([other.template for other in others])
    listed, passing = templates[:100], templates[100:]
    for rate in (0.3, 0.1, 0.03):
        threshold = next(t for t in made_up.thresholds if made_up.false_alert_rate(t, gallery_size=len(listed)) <= rate)
        measured = np.mean((passing @ listed.T).max(axis=1) >= threshold)
        assert measured == pytest.approx(rate, rel=0.7, abs=0.01)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.95, 0.95, 0.95], 0.95),
        ([0.95, 0.93, 0.80], 0.94),  # good frames: the first two suffice
        ([0.95, 0.70, 0.70], 0.0),  # one frame alone never does
        ([0.70, 0.70, 0.70], 0.0),
    ],
)
def test_a_passage_scores_as_high_as_the_threshold_it_passes(scores, expected):
    found = passed_threshold(np.array(scores, np.float32), [GOOD] * 3, THRESHOLDS)
    assert found == pytest.approx(expected, abs=0.0011)
