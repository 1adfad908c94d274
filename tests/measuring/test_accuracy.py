"""Accuracy figures on people made of random numbers, where the answer is known beforehand."""

import numpy as np
import pytest

from recognition.measuring.accuracy import identification, verification
from recognition.measuring.photographs import Photograph
from recognition.packs.calibration import Frames
from recognition.pipeline.embed import unit
from recognition.pipeline.types import Quality

GOOD = Quality(inter_eye=40, sharpness=50, exposure=120, yaw=0, value=1.0)


def people(spread: float, *, count: int = 300, images: int = 4) -> list[Photograph]:
    """Photographs scattered around their person; all alike if `spread` is small, chance if huge."""
    rng = np.random.default_rng(0)
    centres = np.repeat(rng.normal(size=(count, 32)), images, axis=0)
    templates = unit((centres + spread * rng.normal(size=centres.shape)).astype(np.float32))
    return [Photograph(row // images, template, GOOD) for row, template in enumerate(templates)]


@pytest.mark.parametrize(("spread", "low", "high"), [(0.05, 0.999, 1.0), (0.8, 0.85, 0.999), (1e6, 0.4, 0.6)])
def test_verification(spread, low, high):
    found = verification(people(spread))
    assert low <= found.accuracy <= high
    assert found.eer == pytest.approx(1 - found.accuracy, abs=0.05)
    assert found.pairs == 2 * 300 * 6


@pytest.mark.parametrize("frames", list(Frames))
def test_people_who_are_far_apart_are_all_found(frames):
    for row in identification(people(0.05), listed=50, frames=frames, draws=5):
        assert row.tpir == 1.0


def test_with_nothing_in_common_the_listed_are_found_as_often_as_strangers():
    (rough, *_) = identification(people(1e6), listed=50, frames=Frames.SINGLE, draws=20)
    assert rough.fpir == 0.1
    assert rough.tpir < 0.02  # a tenth of strangers reach any of 50, hardly anybody the one reference that is theirs


def test_passages_do_better_than_single_frames():
    single, passage = (
        {row.fpir: row.tpir for row in identification(people(0.9), listed=50, frames=frames, draws=20)}
        for frames in (Frames.SINGLE, Frames.PASSAGE)
    )
    assert passage[0.1] > single[0.1]


def test_an_fpir_that_cannot_be_measured_is_left_out():
    rows = identification(people(0.5, count=60), listed=20, frames=Frames.PASSAGE, draws=3)
    assert [row.fpir for row in rows] == [0.1]  # forty strangers, one passage each


@pytest.mark.parametrize(("images", "frames"), [(1, Frames.SINGLE), (2, Frames.PASSAGE)])
def test_too_few_images_are_refused(images, frames):
    with pytest.raises(ValueError, match="images"):
        identification(people(0.5, count=30, images=images), listed=10, frames=frames, draws=1)
