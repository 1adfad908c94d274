import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition.pipeline.embed import unit
from recognition.pipeline.search import search
from recognition.pipeline.types import Gallery


def gallery(templates) -> Gallery:
    names = [f"r{row}" for row in range(len(templates))]
    return Gallery(templates, names, [f"s{row // 2}" for row in range(len(templates))], version=1, pack="test-1")


def random_units(seed: int, rows: int, dimension: int = 8):
    return unit(np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32))


@pytest.mark.parametrize(("probes", "rows"), [(0, 0), (0, 5), (3, 0)])
def test_nothing_against_nothing(probes, rows):
    assert search(gallery(random_units(0, rows)), random_units(1, probes), floor=-1) == [[]] * probes


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 4), st.floats(-1, 1))
def test_it_finds_exactly_what_comparing_one_by_one_finds(seed, rows, probes, floor):
    listed, looked_for = random_units(seed, rows), random_units(seed + 1, probes)
    found = search(gallery(listed), looked_for, floor=floor, most=rows)
    for probe, hits in zip(looked_for, found, strict=True):
        scores = listed @ probe
        clear = {f"r{row}" for row in range(rows) if scores[row] >= floor + 1e-5}
        possible = {f"r{row}" for row in range(rows) if scores[row] >= floor - 1e-5}
        assert clear <= {hit.reference for hit in hits} <= possible
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert all(hit.subject == f"s{int(hit.reference[1:]) // 2}" for hit in hits)


def test_of_too_many_the_best_are_kept():
    listed, probe = random_units(3, 500), random_units(4, 1)
    best = np.sort(listed @ probe[0])[::-1][:5]
    hits = search(gallery(listed), probe, floor=-1, most=5)[0]
    assert [hit.score for hit in hits] == pytest.approx(best.tolist(), abs=1e-6)
