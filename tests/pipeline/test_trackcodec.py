from dataclasses import replace

import pytest

from recognition.pipeline.evidence import WINDOW, agreeing, weigh
from recognition.pipeline.limits import LIVE
from recognition.pipeline.trackcodec import from_json, to_json
from recognition.pipeline.types import Evidence, Hit, Policy, Quality, Track, Tracks

FULL = Track(
    id="7",
    box=(1.5, 2.0, 30.0, 40.0),
    born=1_790_000_000.25,
    seen=1_790_000_003.5,
    frames=12,
    usable=9,
    best_quality=0.75,
    evidence={"subject": Evidence("reference", (0.95,) * WINDOW, (0.5,) * WINDOW, 0.95)},
    raised={"subject": 1_790_000_003.25},
    velocity=(-31.5, 2.0),
    compared=1_790_000_003.5,
)
BARE = Track(id="8", box=(0, 0, 1, 1), born=0, seen=0, frames=1, usable=0, best_quality=0)


@pytest.mark.parametrize("tracks", [Tracks(), Tracks((BARE,), 9), Tracks((FULL, BARE), 9, 1_790_000_003.25)])
def test_what_is_written_is_read_back(tracks):
    assert from_json(to_json(tracks)) == tracks
    assert from_json(to_json(tracks).encode()) == tracks


def test_a_full_track_is_small():
    scores = tuple(0.9512345 + frame / 3e6 for frame in range(WINDOW))
    full = replace(FULL, evidence={"subject": Evidence("reference", scores, (0.5,) * WINDOW, max(scores))})
    assert len(to_json(Tracks((full,), 8))) < 400


@pytest.mark.parametrize("spread", [0.0044, 0.00443, 0.00437, 0.01636])
def test_a_frame_that_did_not_find_her_counts_as_none_after_the_journey(spread):
    policy, quality = Policy(threshold=0.9877, spread=spread, quality=LIVE), Quality(40, 50, 120, 0, 0.9)
    track = weigh(BARE, hits=[Hit("reference", "subject", 0.99)], quality=quality, policy=policy)
    for _ in range(3):
        track = from_json(to_json(Tracks((weigh(track, hits=[], quality=quality, policy=policy),)))).items[0]
    assert agreeing(track.evidence["subject"], above=policy.floor) == 1


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[1,[[2]]]", "null", '[1,[["a","b"]]]'])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        from_json(text)
