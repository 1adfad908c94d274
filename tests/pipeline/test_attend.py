"""Which sightings are compared with the list, and that no decision suffers. Threshold 0.90, so the floor is 0.88."""

from dataclasses import replace

import pytest

from recognition.pipeline.attend import BETTER, HANDED_ON, LOOK_EVERY, YOUNG, worth_a_template
from recognition.pipeline.decide import decide, hand_on
from recognition.pipeline.evidence import WINDOW, weigh
from recognition.pipeline.limits import LIVE
from recognition.pipeline.types import MARGIN, Evidence, Hit, Policy, Quality, Track

POLICY = Policy(threshold=0.90, spread=0.02 / MARGIN, quality=LIVE)
OLD = Track(
    id="1", box=(0, 0, 1, 1), born=0, seen=10, frames=40, usable=YOUNG, best_quality=0.5, compared=10 - LOOK_EVERY / 2
)
SOUGHT = replace(OLD, evidence={"alice": Evidence("a/1", (0.89,), (0.5,), 0.89)})
NEW = Track(id="1", box=(0, 0, 1, 1), born=0, seen=0, frames=1, usable=0, best_quality=0)


def quality(value: float, *shortfalls: str) -> Quality:
    return Quality(inter_eye=40, sharpness=50, exposure=120, yaw=0, value=value, shortfalls=shortfalls)


@pytest.mark.parametrize(
    ("track", "seen", "worth"),
    [
        (NEW, quality(0.1), True),
        (replace(OLD, usable=YOUNG - 1), quality(0.5), True),
        (OLD, quality(0.5), False),  # more of the same
        (OLD, quality(0.5 + BETTER - 0.01), False),
        (OLD, quality(0.5 + BETTER), True),
        (replace(OLD, compared=10 - LOOK_EVERY), quality(0.2), True),
        (replace(OLD, compared=11), quality(0.2), True),  # a clock that was set back
        (SOUGHT, quality(0.2), True),
        (replace(SOUGHT, raised={"alice": 10 - HANDED_ON / 2}), quality(0.2), False),
        (replace(SOUGHT, raised={"alice": 10 - HANDED_ON}), quality(0.2), True),
        (replace(SOUGHT, raised={"alice": 11}), quality(0.2), True),  # a clock that was set back
        (NEW, quality(0.9, "too_blurred"), False),
        (replace(OLD, compared=0), quality(0.9, "too_dark"), False),
    ],
)
def test_which_sightings_are_compared(track: Track, seen: Quality, worth: bool) -> None:
    assert worth_a_template(track, seen, now=10) is worth


def alerts(scores: list[float], *, every_frame: bool, step: float = 0.2) -> tuple[list[int], int]:
    """The frames in which a passage with these scores against one subject is handed on, and how many were compared."""
    track, raised, compared = NEW, [], 0
    for number, score in enumerate(scores):
        now, seen = number * step, quality(0.5)
        if not (every_frame or worth_a_template(track, seen, now=now)):
            continue
        compared += 1
        hits = [Hit("a/1", "alice", score)] if score >= POLICY.floor else []
        track = replace(weigh(track, hits=hits, quality=seen, policy=POLICY), compared=now)
        if verdict := decide(track, policy=POLICY, now=now):
            track = hand_on(track, verdict, now=now)
            raised.append(number)
    return raised, compared


@pytest.mark.parametrize(
    "scores",
    [
        [0.95] * 12,
        [0.85, 0.85, 0.85, 0.95, 0.95, 0.95, 0.95],
        [0.89, 0.85, 0.91, 0.85, 0.93, 0.94, 0.95, 0.95],  # in doubt for long
        [0.89] + [0.87] * (WINDOW - 2) + [0.95] * 20,  # the evidence is about to be forgotten
    ],
)
def test_whoever_scores_early_alerts_in_the_frame_in_which_every_frame_would_have(scores: list[float]) -> None:
    assert alerts(scores, every_frame=False)[0] == alerts(scores, every_frame=True)[0]


def test_who_was_handed_on_is_looked_at_now_and_then_and_handed_on_again_at_the_same_moment() -> None:
    scores = [0.95] * 75  # fifteen seconds: past `Policy.again_after`
    seldom, always = alerts(scores, every_frame=False), alerts(scores, every_frame=True)
    assert seldom[0] == always[0]
    assert len(seldom[0]) == 2
    assert seldom[1] < 0.5 * always[1]


@pytest.mark.parametrize("begins", range(YOUNG, YOUNG + 12))
def test_whoever_scores_late_alerts_less_than_one_look_later(begins: int) -> None:
    scores = [0.85] * begins + [0.95] * 30
    (first, *_), _ = alerts(scores, every_frame=False)
    (before, *_), _ = alerts(scores, every_frame=True)
    assert 0 <= first - before < LOOK_EVERY / 0.2


def test_a_stranger_is_looked_at_now_and_then() -> None:
    raised, compared = alerts([0.85] * 51, every_frame=False)  # ten seconds
    assert (raised, compared) == ([], YOUNG + round((10 - (YOUNG - 1) * 0.2) / LOOK_EVERY))
