"""Draws of lists and their searches, against the same sums made one by one with the pipeline's own functions."""

import numpy as np
import pytest

from recognition.measuring.errors import TooFew
from recognition.measuring.photographs import Photograph
from recognition.measuring.searches import Sample, draw_lists, searches
from recognition.pipeline.evidence import fused
from recognition.pipeline.types import Evidence, Quality
from tests.measuring.made_up import people
from watchlist.calibration import Frames


@pytest.fixture
def sample() -> Sample:
    """Ten people of one to ten images, their quality at random."""
    rng = np.random.default_rng(1)
    of_five = people(0.8, count=10, images=10)
    kept = [p for row, p in enumerate(of_five) if row % 10 <= p.person]
    return Sample(
        [Photograph(p.person, p.template, p.glance, Quality(40, 50, 120, 0, float(rng.uniform()))) for p in kept]
    )


def one_by_one(sample, passage, reference):
    """As a track fuses the frames of a passage."""
    photographs = [sample.photographs[place] for place in passage]
    scores = [float(p.template @ sample.templates[reference]) for p in photographs]
    return fused(Evidence("reference", tuple(scores), (1.0,) * len(scores), max(scores)), spread=0.0044)


@pytest.mark.parametrize(("frames", "size"), [(Frames.SINGLE, 1), (Frames.PASSAGE, 3)])
def test_scores_are_those_the_pipeline_would_give(sample, frames, size):
    (listed,) = draw_lists(sample, listed=4, draws=1, seed=3)
    found = searches(sample, listed, frames)
    references = dict(zip(listed.people.tolist(), listed.references.tolist(), strict=True))
    for probe, person, own, other in zip(found.probes, found.people, found.mated, found.others, strict=True):
        others = [one_by_one(sample, probe, r) for listed_one, r in references.items() if listed_one != person]
        assert own == pytest.approx(one_by_one(sample, probe, references[person]), abs=1e-5)
        assert other == pytest.approx(max(others), abs=1e-5)
    strangers = [sample.images[person] for person in range(10) if person not in references]
    passages = [own[i : i + size] for own in strangers for i in range(0, len(own) - size + 1, size)]
    best = [max(one_by_one(sample, passage, r) for r in references.values()) for passage in passages]
    np.testing.assert_allclose(np.sort(found.non_mated), np.sort(best), atol=1e-5)


@pytest.mark.parametrize("frames", list(Frames))
def test_no_image_is_searched_for_twice_nor_as_its_own_reference(sample, frames):
    for listed in draw_lists(sample, listed=5, draws=10, seed=0):
        found = searches(sample, listed, frames)
        used = found.probes.ravel().tolist()
        assert len(used) == len(set(used))
        assert not set(used) & set(listed.references.tolist())
        assert (sample.people[found.probes[:, 0]] == found.people).all()
        assert set(found.people.tolist()) <= set(listed.people.tolist())


def test_lists_differ_between_draws_and_not_between_runs(sample):
    one, other = (draw_lists(sample, listed=5, draws=20, seed=0) for _ in range(2))
    assert all((a.references == b.references).all() for a, b in zip(one, other, strict=True))
    assert len({tuple(sorted(drawn.people.tolist())) for drawn in one}) > 10


@pytest.mark.parametrize(
    ("listed", "images", "said"),
    [(31, 4, "Lists of 31 cannot be drawn: 30 people"), (30, 4, "nobody is left"), (1, 1, "0 people have a face")],
)
def test_a_list_that_cannot_be_made_says_why(listed, images, said):
    with pytest.raises(TooFew, match=said):
        draw_lists(Sample(people(0.5, count=30, images=images)), listed=listed, draws=1, seed=0)
