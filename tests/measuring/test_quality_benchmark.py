"""What the figures of docs/quality.md count: on templates whose scores are known beforehand."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.quality import Seen, errors_of, failing, natural_errors
from benchmarks.quality_plots import FEWEST, SHOWN, draw, wilson
from recognition.measuring.photographs import Photograph
from recognition.pipeline.limits import LIMITS, LIVE
from recognition.pipeline.types import Face, Quality

GOOD = Quality(inter_eye=60, sharpness=30, exposure=120, yaw=0, value=1)
FACE = Face(np.zeros(4, np.float32), np.zeros((5, 2), np.float32), 1.0)


def photograph(person, degrees, quality=GOOD):
    """Its score against another is the cosine of the angle between them."""
    angle = np.radians(degrees)
    template = np.array([np.cos(angle), np.sin(angle)], np.float32)
    return Photograph(person, template, template, quality)


def test_photographs_are_compared_with_all_others_of_their_own_and_of_other_people():
    photographs = [photograph(0, 0), photograph(0, 10), photograph(0, 60), photograph(1, 5)]
    natural = natural_errors(photographs, threshold=0.95, strangers_over=0.93)  # 18 degrees
    assert natural.recognised[:3].tolist() == [0.5, 0.5, 0]
    assert np.isnan(natural.recognised[3])  # nobody else shows this person
    assert natural.strangers.tolist() == pytest.approx([1, 1, 0, 2 / 3])


def test_copies_are_compared_with_the_references_and_the_lost_are_counted():
    references = {0: photograph(0, 0), 1: photograph(1, 90)}
    seen = [Seen(photograph(0, 10), FACE), Seen(photograph(1, 10), FACE), None, None]
    copies = errors_of("blur", "blur 9 px", seen, references, threshold=0.95, strangers_over=0.93)
    assert copies.found == 0.5
    assert copies.recognised.tolist() == [True, False]
    assert copies.strangers == 0.5  # the second looks like the first person


def test_what_fails_is_told_by_its_code():
    assert failing(GOOD, LIVE) == []
    assert failing(replace(GOOD, yaw=1.0, inter_eye=3.0), LIVE) == ["too_small", "turned_away"]


@pytest.mark.parametrize(
    ("share", "number", "low", "high"), [(0.5, 100, 0.404, 0.596), (0.0, 10, 0, 0.278), (1.0, 10, 0.722, 1)]
)
def test_intervals_are_those_of_wilson(share, number, low, high):
    assert wilson(share, number) == pytest.approx((low, high), abs=0.001)


def test_there_is_a_figure_for_each_limit(tmp_path):
    assert set(SHOWN) == {limit.measure for limit in LIMITS}
    spread = np.linspace(0.5, 1, 40)
    photographs = [
        photograph(row // 2, row, replace(GOOD, sharpness=30 * part, contrast=part)) for row, part in enumerate(spread)
    ]
    seen = [Seen(one, FACE) for one in photographs[1::2]]
    references = {one.person: one for one in photographs[::2]}
    assert len(seen) >= FEWEST
    copies = [errors_of(fault, fault, seen, references, 0.95, 0.93) for fault in ("none", "blur", "contrast")]
    draw(tmp_path, natural_errors(photographs, 0.95, 0.93), copies)
    figures = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(figures) == {f"{limit.measure}.svg" for limit in LIMITS}
    assert "made worse: blur" in figures["sharpness.svg"]
    assert "made worse: blur" not in figures["contrast.svg"]
