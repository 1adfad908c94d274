"""Scores of all pairs in blocks: the same as all at once, whatever the block."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition.measuring.pairs import HALF, all_pairs, pairs_over, some_non_mated, tally
from tests.measuring.made_up import people, photographs


def at_once(sample):
    """(scores of all pairs, whether they are mated, their places), with nothing clever."""
    templates = np.stack([p.template for p in sample])
    persons = np.array([p.person for p in sample])
    first, second = np.triu_indices(len(sample), 1)
    scores = (templates @ templates.T)[first, second]
    return scores, persons[first] == persons[second], np.stack([first, second], axis=1)


@settings(max_examples=30, deadline=None)
@given(count=st.integers(2, 12), images=st.integers(1, 4), block=st.integers(1, 60), seed=st.integers(0, 1000))
def test_blocks_give_what_one_matrix_gives(count, images, block, seed):
    sample = people(0.7, count=count, images=images, seed=seed)
    scores, mated, places = at_once(sample)
    found = all_pairs(sample, block=block)
    np.testing.assert_allclose(np.sort(found.mated), np.sort(scores[mated]), atol=1e-6)
    assert found.non_mated.total == (~mated).sum()
    reached = [(scores[~mated] >= step).sum() for step in (-0.5, 0.0, 0.3)]
    counted = [found.non_mated.at_least[round(step * HALF) + HALF] for step in (-0.5, 0.0, 0.3)]
    assert np.abs(np.subtract(reached, counted)).max() <= 1  # a score on the very edge, rounded the other way
    threshold = float(np.quantile(scores, 0.6)) + 1e-5
    for kind in (True, False):
        over = pairs_over(sample, threshold, mated=kind, block=block)
        expected = places[(scores >= threshold) & (mated == kind)]
        assert sorted(map(tuple, over.tolist())) == sorted(map(tuple, expected.tolist()))


def test_a_tally_counts_each_score_once_in_the_step_below_it():
    counted = tally(np.array([-1, -0.5, 0, 0.25, 1, 1 + 1e-6], np.float32))
    assert counted.total == 6
    for score, count in ((-1, 6), (-0.5, 5), (0, 4), (0.25, 3), (1, 2)):
        assert counted.at_least[round(score * HALF) + HALF] == count


@pytest.mark.parametrize(("rate", "reached"), [(0.5, 50), (0.1, 10), (0.015, 1), (0.001, 0)])
def test_the_threshold_of_a_rate_is_the_lowest_that_keeps_it(rate, reached):
    scores = np.arange(100, dtype=np.float32) / 128
    counted = tally(scores)
    threshold = counted.threshold(rate)
    assert (scores >= threshold).sum() == reached
    assert (scores >= threshold - 1 / HALF).sum() == reached + 1


def test_a_rate_that_even_the_highest_score_breaks_gives_a_threshold_nobody_reaches():
    assert tally(np.ones(10, np.float32)).threshold(0.05) > 1


def test_pairs_drawn_are_of_two_people_and_never_the_same_twice():
    sample = people(0.5, count=6, images=3)
    scores, mated, _ = at_once(sample)
    drawn = some_non_mated(sample, 10**6, rng=np.random.default_rng(0))
    np.testing.assert_allclose(np.sort(drawn), np.sort(scores[~mated]), atol=1e-6)
    assert len(some_non_mated(sample, 20, rng=np.random.default_rng(0))) == 20


def test_nobody_and_one_alone_make_no_pairs():
    for sample in ([], photographs((0, [1, 0]))):
        found = all_pairs(sample)
        assert len(found.mated) == found.non_mated.total == 0
        assert len(some_non_mated(sample, 5, rng=np.random.default_rng(0))) == 0
        assert pairs_over(sample, 0.5, mated=True).shape == (0, 2)
