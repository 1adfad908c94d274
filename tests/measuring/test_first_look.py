"""Whom a first look passes over, counted one by one; and the spread in which its margin is measured."""

from dataclasses import replace

import numpy as np
import pytest

from recognition.measuring.comparisons import single_comparisons, spread_of
from recognition.measuring.glances import first_look
from recognition.measuring.photographs import Photograph
from recognition.measuring.searches import Sample, draw_lists
from recognition.pipeline.embed import unit
from recognition.pipeline.types import GLANCE, MARGIN
from tests.measuring.made_up import people

LISTED, DRAWS, THRESHOLD, SPREAD = 40, 3, 0.6, 0.05


@pytest.fixture(scope="module")
def photographs() -> list[Photograph]:
    """A first look sees what a closer one does, with noise of its own."""
    rng, closely = np.random.default_rng(5), people(0.6, count=120, images=3)
    noise = 0.1 * rng.normal(size=(len(closely), 32)).astype(np.float32)
    glances = unit(np.stack([photograph.template for photograph in closely]) + noise)
    return [replace(photograph, glance=glance) for photograph, glance in zip(closely, glances, strict=True)]


def test_it_is_what_looking_one_by_one_gives(photographs):
    sample = Sample(photographs)
    found = first_look(sample, listed=LISTED, threshold=THRESHOLD, spread=SPREAD, draws=DRAWS)
    floor = THRESHOLD - (MARGIN + GLANCE) * SPREAD
    over, passed_over, sent_on, strangers = 0, 0, 0, 0
    for drawn in draw_lists(sample, listed=LISTED, draws=DRAWS, seed=0):
        references = [photographs[row] for row in drawn.references]
        listed = {each.person for each in references}
        for photograph in photographs:
            own = [each for each in references if each.person == photograph.person and each is not photograph]
            resembles = max(float(photograph.glance @ each.template) for each in references) >= floor
            if own and float(photograph.template @ own[0].template) >= THRESHOLD:
                over, passed_over = over + 1, passed_over + (not resembles)
            if photograph.person not in listed:
                strangers, sent_on = strangers + 1, sent_on + resembles
    assert (found.passed_over.count, found.passed_over.of) == (passed_over, over)
    assert (found.sent_on.count, found.sent_on.of) == (sent_on, strangers)
    assert 0 < passed_over < over
    assert 0 < sent_on < strangers


def test_nobody_is_passed_over_where_both_looks_are_one():
    found = first_look(Sample(people(0.35, count=120, images=3)), listed=LISTED, threshold=0.8, spread=0, draws=DRAWS)
    assert found.passed_over.count == 0 < found.passed_over.of


def test_the_spread_of_normal_scores_is_their_standard_deviation():
    scores = np.random.default_rng(2).normal(0.5, 0.03, 100_000).astype(np.float32)
    assert spread_of(scores) == pytest.approx(0.03, rel=0.02)
    assert spread_of(single_comparisons(people(0), mated=True).scores) == pytest.approx(0, abs=1e-6)
