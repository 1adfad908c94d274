"""Calibration: what it promises, on the shipped figures and on people made of random numbers."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from django.utils import timezone

from recognition.measuring.calibrating import LEAST_NON_MATED, TooFew, calibrate
from recognition.measuring.comparisons import passed_threshold, spread_of
from recognition.measuring.photographs import Photograph
from recognition.measuring.splits import false_alert_rate, try_on_other_people
from recognition.packs.calibration import all_shipped, shipped
from recognition.packs.registry import DEFAULT_PACK, PACKS
from recognition.pipeline.embed import unit
from recognition.pipeline.types import Quality
from watchlist.calibration import Calibration, Frames, from_json, to_json

GOOD = Quality(inter_eye=40, sharpness=50, exposure=120, yaw=0, value=1.0)
THRESHOLDS = np.linspace(0.8, 1.0, 201)
DAY = dt.date(2026, 1, 1)


def made_up_people(count: int, *, images: int, seed: int) -> list[Photograph]:
    """People as directions in a small space, their photographs scattered around them."""
    rng = np.random.default_rng(seed)
    people = np.repeat(rng.normal(size=(count, 24)), images, axis=0)
    templates = unit((people + 0.25 * rng.normal(size=people.shape)).astype(np.float32))
    return [Photograph(row // images, template, template, GOOD) for row, template in enumerate(templates)]


def calibrated(photographs: list[Photograph]) -> Calibration:
    return calibrate(photographs, pack="made-up-1", source="random", date=DAY)


@pytest.fixture(scope="module")
def default() -> Calibration:
    return shipped(PACKS[DEFAULT_PACK].identifier)


@pytest.fixture(scope="module")
def made_up() -> Calibration:
    return calibrated(made_up_people(110, images=4, seed=1))


def test_a_pack_without_calibration_says_so():
    with pytest.raises(LookupError, match="without a calibration"):
        shipped("unheard-of-1")


def test_what_comes_with_the_software_is_found(default):
    assert default in all_shipped()


@pytest.mark.parametrize("name", ["default", "made_up"])
def test_it_survives_being_written_and_read(name, request):
    calibration = request.getfixturevalue(name)
    assert from_json(to_json(calibration)) == calibration


@pytest.mark.parametrize("name", ["default", "made_up"])
def test_the_interval_holds_the_estimate_up_to_where_it_was_measured(name, request):
    calibration = request.getfixturevalue(name)
    curve = calibration.non_mated
    measured = [i for i, threshold in enumerate(calibration.thresholds) if threshold <= curve.measured_to]
    assert all(curve.lower[i] <= curve.shares[i] <= curve.upper[i] for i in measured)
    spread = [curve.upper[i] / curve.lower[i] for i in measured]
    assert spread[0] < spread[-1], "The rarer a likeness, the less is known of it."


def test_of_the_default_pack_it_says_what_it_was_measured_on(default):
    assert default.source
    assert default.date <= timezone.localdate()
    assert default.non_mated.people > 1000
    assert 0.5 < default.recognised_share(default.threshold_for(templates=20)) < 1
    assert default.largest_list() > 100


@pytest.mark.parametrize("name", ["default", "made_up"])
def test_its_spread_is_what_lies_between_the_median_and_the_lower_sixth(name, request):
    calibration = request.getfixturevalue(name)
    shares = dict(zip(calibration.thresholds, calibration.mated[Frames.SINGLE].shares, strict=True))
    step = calibration.thresholds[1] - calibration.thresholds[0]
    median = max(threshold for threshold, share in shares.items() if share >= 0.5)
    sixth = max(threshold for threshold, share in shares.items() if share >= 0.84)
    assert calibration.spread == pytest.approx(median - sixth, abs=step)


def test_it_is_the_spread_of_the_scores_themselves():
    scores = np.random.default_rng(0).normal(0.9, 0.02, 20_000).astype(np.float32)
    assert spread_of(scores) == pytest.approx(0.02, abs=0.001)


def test_scores_that_are_all_alike_have_a_spread_all_the_same(made_up):
    alike = replace(made_up.mated[Frames.SINGLE], shares=(1.0,) * len(made_up.thresholds))
    assert replace(made_up, mated={Frames.SINGLE: alike}).spread > 0


def test_where_nobody_has_images_for_a_passage_single_photographs_are_said():
    found = calibrated(made_up_people(150, images=2, seed=3))
    assert Frames.PASSAGE not in found.mated
    assert found.recognised_share(0.9) == found.recognised_share(0.9, frames=Frames.SINGLE)


@pytest.mark.parametrize(
    ("people", "images", "lacking"),
    [
        (99, 4, "99 people; at least 100 are needed"),
        (120, 1, f"7,140 comparisons of different people; at least {LEAST_NON_MATED:,} are needed"),
        (200, 1, "0 comparisons of two images of one person; at least 100 are needed"),
    ],
)
def test_too_few_are_refused_saying_how_many_are_needed(people, images, lacking):
    with pytest.raises(TooFew, match=lacking):
        calibrated(made_up_people(people, images=images, seed=1))


def test_nobody_at_all_is_refused_as_well():
    with pytest.raises(TooFew, match="0 people; at least 100"):
        calibrated([])


def test_what_it_predicts_holds_for_other_people():
    made_up = calibrated(made_up_people(250, images=4, seed=1))
    others = made_up_people(400, images=1, seed=2)
    templates = np.stack([other.template for other in others])
    listed, passing = templates[:100], templates[100:]
    for one_in in (3, 10, 30):
        threshold = made_up.threshold_for(templates=len(listed), one_in=one_in)
        measured = np.mean((passing @ listed.T).max(axis=1) >= threshold)
        assert measured == pytest.approx(1 / one_in, rel=0.7, abs=0.01)


def alike_people(count: int, *, images: int, seed: int) -> np.ndarray:
    """Templates that lie close together, as a recogniser's do: (count * images, 24)."""
    rng = np.random.default_rng(seed)
    people = np.repeat(rng.normal(size=(count, 24)), images, axis=0)
    people[:, 0] += 12
    return unit((people + 0.3 * rng.normal(size=people.shape)).astype(np.float32))


def test_the_interval_holds_the_true_share_also_beyond_the_data():
    """True: as 16 million comparisons of other people of the same kind give it."""
    known = [Photograph(i // 2, each, each, GOOD) for i, each in enumerate(alike_people(700, images=2, seed=4))]
    found = calibrated(known)
    scores = (alike_people(4000, images=1, seed=7) @ alike_people(4000, images=1, seed=8).T).ravel()
    assert 5e-6 < found.comparison_share(found.non_mated.measured_to)[0] < 2e-5, "So 1e-6 is ten times beyond."
    for true in (1e-3, 1e-4, 1e-5, 1e-6):
        share, lower, upper = found.comparison_share(float(np.quantile(scores, 1 - true)))
        assert lower <= true <= upper
        assert share == pytest.approx(true, rel=1.1)


def test_it_is_tried_on_people_it_was_not_measured_on():
    held = try_on_other_people(made_up_people(300, images=3, seed=6), splits=3)
    assert [(row.listed, row.one_in) for row in held] == [(20, 100), (20, 1000), (100, 100), (100, 1000)]
    assert all(len(row.ratios) == 3 for row in held)
    assert 0.3 < held[0].mean < 2
    assert held[0].kept <= held[0].at_most_double
    assert held[0].within <= held[0].at_most_double


def test_half_of_too_few_people_is_tried_on_nobody():
    assert try_on_other_people(made_up_people(120, images=4, seed=6), splits=1) == []


def test_a_list_is_drawn_without_replacement():
    scores = np.array([[0.9, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1]], np.float32)
    assert false_alert_rate(scores, 0.5, listed=1) == pytest.approx((1 / 4 + 0) / 2)
    assert false_alert_rate(scores, 0.5, listed=4) == pytest.approx(1 / 2)


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
    found = passed_threshold(np.array(scores, np.float32), [GOOD] * 3, THRESHOLDS, spread=0.016)
    assert found == pytest.approx(expected, abs=0.0011)
