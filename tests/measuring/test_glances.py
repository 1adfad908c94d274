"""Who is passed over at a first look, on people made of random numbers whose first looks are made worse on purpose."""

from dataclasses import replace

import numpy as np
import pytest

from recognition.measuring.glances import first_look
from recognition.measuring.searches import Sample
from recognition.pipeline.embed import unit
from tests.measuring.made_up import people


def looked_at(noise: float, *, threshold: float = 0.9, spread: float = 0.02) -> "tuple[float, float, int]":
    rng = np.random.default_rng(5)
    photographs = [
        replace(each, glance=unit((each.template + noise * rng.normal(size=each.template.shape))[np.newaxis])[0])
        for each in people(0.3, count=60, images=3)
    ]
    found = first_look(Sample(photographs), listed=20, threshold=threshold, spread=spread, draws=5)
    return found.passed_over.value, found.sent_on.value, found.passed_over.of


def test_a_first_look_as_good_as_the_closer_one_passes_nobody_over():
    passed_over, sent_on, found = looked_at(0.0)
    assert found > 50, "Nobody was found, so that nobody could be passed over."
    assert (passed_over, sent_on) == (0, 0)


def test_a_worse_one_passes_people_over():
    assert looked_at(0.02)[0] < looked_at(0.1)[0]
    assert looked_at(1.0)[0] > 0.9


def test_the_lower_the_floor_the_more_are_looked_at():
    few, many, all_of_them = (looked_at(0.0, threshold=threshold)[1] for threshold in (0.6, 0.4, -0.9))
    assert few < many < all_of_them == 1


@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_the_spread_is_what_the_floor_is_counted_in(spread):
    passed_over, _, found = looked_at(0.1, spread=spread)
    assert found
    assert (passed_over > 0) == (spread == 0)
