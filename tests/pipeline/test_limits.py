"""One table of limits: complete, strict and loose in the right order, and its words say both numbers."""

import re
from pathlib import Path

import pytest

from recognition.pipeline.limits import ENROLMENT, LIMITS, LIVE, explain, limits_table
from recognition.pipeline.types import Quality

PAGE = Path(__file__).resolve().parents[2] / "docs/quality.md"
GOOD = Quality(inter_eye=60, sharpness=30, exposure=120, yaw=0, value=1)
by_code = pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.code)


def faulty(limit):
    """A face without a fault but this one: a little beyond the limit of enrolment."""
    beyond = 0.97 if limit.at_least else 1.03
    measures = {name: getattr(GOOD, name) for name in GOOD.__slots__}
    return Quality(**measures | {limit.measure: limit.enrolment * beyond, "shortfalls": (limit.code,)})


def test_codes_and_measures_are_said_once():
    assert len({limit.code for limit in LIMITS}) == len({limit.measure for limit in LIMITS}) == len(LIMITS)
    assert set(ENROLMENT.bounds) == set(LIVE.bounds) == {limit.code for limit in LIMITS}


def test_codes_that_programs_know_stay_as_they_are():
    assert {"too_small", "too_blurred", "too_dark", "too_bright", "turned_away"} <= set(ENROLMENT.bounds)


@by_code
def test_enrolment_is_stricter_than_live(limit):
    assert limit.enrolment > limit.live if limit.at_least else limit.enrolment < limit.live


@by_code
def test_worth_never_falls_as_the_measure_gets_better(limit):
    measures, shares = zip(*limit.worths, strict=True)
    assert list(measures) == sorted(measures)
    assert list(shares) == sorted(shares, reverse=not limit.at_least)
    assert (min(shares), max(shares)) == (pytest.approx(0, abs=0.7), 1)


@by_code
def test_worth_is_drawn_straight_between_the_points_and_flat_beyond(limit):
    (low, first), (high, second), *_ = limit.worths
    worth = lambda measured: limit.worth(Quality(**{**as_measures(GOOD), limit.measure: measured}))  # noqa: E731
    assert worth((low + high) / 2) == pytest.approx((first + second) / 2)
    assert worth(low - 1) == pytest.approx(first)
    assert worth(limit.worths[-1][0] + 1000) == pytest.approx(limit.worths[-1][1])


@by_code
def test_a_face_within_every_limit_of_enrolment_is_worth_using(limit):
    assert limit.worth(Quality(**{**as_measures(GOOD), limit.measure: limit.enrolment})) >= 0.6
    assert limit.met(limit.of(GOOD), limit.enrolment)


@by_code
def test_a_sentence_says_what_was_measured_and_what_is_required(limit):
    quality = faulty(limit)
    assert not limit.met(limit.of(quality), limit.enrolment)
    (sentence,) = explain(quality, ENROLMENT)
    measured, required = numbers(limit.measured(limit.of(quality))), numbers(limit.required(limit.enrolment))
    assert numbers(sentence)[0] == measured[0]
    assert required[0] in numbers(sentence)[1:]
    assert measured[0] != required[0]  # "24, at least 24 is required" would explain nothing
    assert sentence.startswith(limit.fault)
    assert sentence.endswith(limit.remedy)
    assert ("at least" in sentence) is limit.at_least
    assert ("at most" in sentence) is not limit.at_least


def test_sentences_come_in_the_order_of_the_shortfalls():
    measures = as_measures(GOOD) | {"inter_eye": 10.2, "yaw": 0.8, "shortfalls": ("turned_away", "too_small")}
    sentences = explain(Quality(**measures), ENROLMENT)
    assert sentences[0].startswith("The face is turned away")
    assert sentences[1] == (
        "The face is too small: distance between the eyes 10 pixels, at least 24 is required. Upload a larger version."
    )


def test_the_page_shows_the_table():
    shown = PAGE.read_text().partition("<!-- limits_table() -->\n")[2].partition("<!-- end -->")[0]
    assert shown == limits_table(), f"Put this into docs/quality.md:\n{limits_table()}"


@by_code
def test_the_page_has_a_figure_of_every_limit_and_explains_it(limit):
    page = PAGE.read_text()
    assert f"](quality/{limit.measure}.svg)" in page
    assert f"`{limit.code}`" in page.partition("<!-- end -->")[2]
    figure = (PAGE.parent / "quality" / f"{limit.measure}.svg").read_text()
    assert "enrolment limit" in figure
    assert "<image" not in figure  # numbers only


def test_the_page_on_sockets_names_every_code():
    page = (PAGE.parent / "sockets.md").read_text()
    assert [limit.code for limit in LIMITS if f"`{limit.code}`" not in page] == []


def as_measures(quality):
    return {name: getattr(quality, name) for name in quality.__slots__}


def numbers(text):
    return re.findall(r"\d+(?:\.\d+)?", text)
