"""Who on a list is found: on scores chosen so that the answer can be counted, and on people made of random numbers."""

import numpy as np
import pytest

from recognition.measuring.errors import TooFew
from recognition.measuring.identification import FPIRS, gain, identification, threshold_at
from recognition.measuring.searches import Sample, Searches, draw_lists, searches
from tests.measuring.made_up import people
from watchlist.calibration import Frames


def made(mated, non_mated, *, others=-1.0, size=1, of=None) -> Searches:
    """Searches with these scores; the images of search n are n * size and those after it."""
    mated = np.array(mated, np.float32)
    return Searches(
        probes=np.arange(len(mated) * size).reshape(-1, size),
        people=np.arange(len(mated)) if of is None else np.array(of),
        mated=mated,
        others=np.broadcast_to(np.float32(others), mated.shape),
        non_mated=np.array(non_mated, np.float32),
    )


def rows(sample, *, listed, frames, draws=20):
    lists = draw_lists(Sample(sample), listed=listed, draws=draws, seed=0)
    found = [searches(Sample(sample), drawn, frames) for drawn in lists]
    return {fpir: identification(found, fpir, listed=listed, frames=frames) for fpir in FPIRS}


@pytest.mark.parametrize(("fpir", "searches_over"), [(0.1, 290), (0.05, 145), (0.01, 29), (0.001, 2)])
def test_the_threshold_lets_through_as_many_as_the_rate_allows_and_no_more(fpir, searches_over):
    non_mated = np.random.default_rng(0).permutation(2900) / 2900
    found = made([0.5], non_mated)
    threshold = threshold_at(found, fpir)
    assert (found.non_mated >= threshold).sum() == searches_over


def test_scores_that_are_all_alike_are_all_refused():
    found = made([0.5], [0.7] * 100)
    assert (found.non_mated >= threshold_at(found, 0.1)).sum() == 0


def test_shares_are_those_that_can_be_counted():
    non_mated = np.arange(100) / 1000  # ten of them reach 0.09
    one = made([0.05, 0.0895, 0.2, 0.3], non_mated, others=[-1, -1, 0.1, 0.4])
    two = made([0.2, 0.2, 0.2, 0.2], non_mated)
    row = identification([one, two], 0.1, listed=4, frames=Frames.SINGLE)
    assert row.found
    assert row.found.tpir == 0.875
    assert row.found.tpir_sd == 0.125
    assert row.found.fnir == 0.125
    assert row.found.tpir_first == 0.75  # the last of the first draw is found, but under somebody else
    assert row.found.threshold == pytest.approx(0.0895, abs=6e-4)
    assert (row.mated_searches, row.non_mated_searches, row.false_candidates) == (4, 100, 10)
    assert row.rough


def test_a_rate_that_the_searches_cannot_show_is_not_told():
    row = identification([made([0.5], np.zeros(999))], 0.001, listed=1, frames=Frames.SINGLE)
    assert row.found is None
    assert row.reason == "Fewer than 1,000 searches for people who are not listed: there are 999."
    with pytest.raises(TooFew, match="Nobody who is listed"):
        threshold_at(made([], np.zeros(999)), 0.1)


@pytest.mark.parametrize("frames", list(Frames))
def test_people_who_are_far_apart_are_all_found(frames):
    for row in rows(people(0.05), listed=50, frames=frames, draws=5).values():
        assert row.found is None or row.found.tpir == 1.0


def test_with_nothing_in_common_the_listed_are_found_as_often_as_strangers():
    found = rows(people(1e6), listed=50, frames=Frames.SINGLE)[0.1].found
    assert found
    assert found.tpir < 0.02  # a tenth of strangers reach any of 50, hardly anybody the one reference that is theirs


def test_passages_do_better_than_single_images_and_the_gain_says_by_how_much():
    sample = Sample(people(0.9))
    lists = draw_lists(sample, listed=50, draws=20, seed=0)
    single, passage = ([searches(sample, drawn, frames) for drawn in lists] for frames in Frames)
    one = identification(single, 0.1, listed=50, frames=Frames.SINGLE).found
    several = identification(passage, 0.1, listed=50, frames=Frames.PASSAGE).found
    row = gain(single, passage, 0.1, listed=50, seed=0)
    assert one
    assert several
    assert row.gained
    # Everybody has four images, so that the people with passages are all people and the draws weigh the same.
    assert row.gained.single == pytest.approx(one.tpir)
    assert row.gained.passage == pytest.approx(several.tpir)
    assert 0 < row.gained.low < row.gained.gain < row.gained.high


def test_the_gain_counts_only_the_images_of_passages():
    singles = made([0.2] * 3 + [0.0] * 3 + [0.9] * 4, np.zeros(100), of=[0] * 6 + [1] * 4)
    passages = made([0.5, 0.0], np.zeros(100), size=3, of=[0, 0])  # of the first six images
    row = gain([singles], [passages], 0.1, listed=2, seed=0)
    assert row.people == 1
    assert row.gained
    assert (row.gained.single, row.gained.passage, row.gained.gain) == (0.5, 0.5, 0)
    assert (row.gained.low, row.gained.high) == (0, 0)  # of one person there is nothing to resample


def test_the_interval_of_the_gain_is_that_of_a_mean_over_people():
    rng = np.random.default_rng(0)
    hit = rng.uniform(size=400) < 0.3
    singles = made(np.zeros(1200), np.zeros(100), of=np.repeat(np.arange(400), 3))
    passages = made(hit.astype(float), np.zeros(100), size=3)
    row = gain([singles], [passages], 0.1, listed=400, seed=0)
    assert row.gained
    spread = 1.96 * np.sqrt(hit.mean() * (1 - hit.mean()) / 400)
    assert row.gained.gain == pytest.approx(hit.mean())
    assert row.gained.low == pytest.approx(hit.mean() - spread, abs=0.01)
    assert row.gained.high == pytest.approx(hit.mean() + spread, abs=0.01)


def test_a_gain_that_the_searches_cannot_show_is_not_told():
    singles, passages = made([0.5] * 3, np.zeros(100), of=[0, 0, 0]), made([0.5], np.zeros(19), size=3)
    row = gain([singles], [passages], 0.05, listed=1, seed=0)
    assert row.gained is None
    assert "Fewer than 20 searches" in row.reason
