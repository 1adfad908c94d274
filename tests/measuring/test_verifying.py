"""Same person or not: on people made of random numbers, where the answer is known beforehand."""

import numpy as np
import pytest

from recognition.measuring.errors import TooFew
from recognition.measuring.pairs import Pairs, all_pairs, tally
from recognition.measuring.verifying import accepted_at, verification
from tests.measuring.made_up import people


@pytest.mark.parametrize(("spread", "low", "high"), [(0.05, 0.999, 1.0), (0.8, 0.85, 0.999), (1e6, 0.4, 0.6)])
def test_accuracy(spread, low, high):
    photographs = people(spread)
    found = verification(photographs, all_pairs(photographs))
    assert low <= found.accuracy <= high
    assert found.eer == pytest.approx(1 - found.accuracy, abs=0.05)
    assert found.pairs == 2 * 300 * 6


def test_where_a_threshold_parts_them_errors_are_equal_at_none():
    photographs = people(0.05)
    assert verification(photographs, all_pairs(photographs)).eer == 0


def test_one_seed_gives_one_answer_and_another_seed_another():
    photographs = people(0.8, count=60)
    pairs = all_pairs(photographs)
    assert verification(photographs, pairs, seed=1) == verification(photographs, pairs, seed=1)
    assert verification(photographs, pairs, seed=1) != verification(photographs, pairs, seed=2)


@pytest.mark.parametrize(("count", "images"), [(300, 1), (1, 30), (0, 0)])
def test_without_pairs_of_both_kinds_it_says_how_many_there_are(count, images):
    photographs = people(0.5, count=count, images=images)
    with pytest.raises(TooFew, match="Fewer than 10 pairs"):
        verification(photographs, all_pairs(photographs))


def test_the_share_accepted_at_a_rate_is_counted_exactly():
    non_mated = np.arange(1000, dtype=np.float32) / 2000  # 0 to 0.4995
    pairs = Pairs(np.array([0.3, 0.4, 0.496, 0.7], np.float32), tally(non_mated))
    found = accepted_at(pairs, 0.01)
    assert found.false == 10
    assert 0.4945 < found.threshold <= 0.495
    assert found.tar == 0.5


def test_of_a_rate_that_no_pair_stands_for_nothing_is_said():
    pairs = Pairs(np.ones(5, np.float32), tally(np.zeros(999, np.float32)))
    with pytest.raises(TooFew, match="Fewer than 1,000 pairs of two people: there are 999"):
        accepted_at(pairs, 0.001)
    with pytest.raises(TooFew, match="no two images"):
        accepted_at(Pairs(np.zeros(0, np.float32), pairs.non_mated), 0.1)
