"""Evidence over frames: what is gathered, and when it suffices. Threshold 0.90, so the search floor is 0.88."""

import pytest

from recognition.pipeline.decide import decide, hand_on
from recognition.pipeline.evidence import BEST, LUCK, WINDOW, agreeing, fused, weigh
from recognition.pipeline.limits import LIVE
from recognition.pipeline.types import MARGIN, Evidence, Hit, Policy, Quality, Track

POLICY = Policy(threshold=0.90, spread=0.02 / MARGIN, quality=LIVE)
GOOD, POOR = 0.9, 0.3


def new_track() -> Track:
    return Track(id="1", box=(0, 0, 1, 1), born=0, seen=0, frames=0, usable=0, best_quality=0)


def quality(value: float) -> Quality:
    return Quality(inter_eye=40, sharpness=50, exposure=120, yaw=0, value=value)


def passage(*frames, value=GOOD, track=None) -> Track:
    """A track after frames given as {subject: score}; scores under the floor are not hits."""
    track = track or new_track()
    for frame in frames:
        ranked = sorted(frame.items(), key=lambda item: -item[1])
        hits = [Hit(f"{subject}/1", subject, score) for subject, score in ranked if score >= POLICY.floor]
        track = weigh(track, hits=hits, quality=quality(value), policy=POLICY)
    return track


A, B = "alice", "bob"


@pytest.mark.parametrize(
    ("frames", "value", "raised"),
    [
        ([], GOOD, None),
        ([{}], GOOD, None),
        ([{A: 0.99}], GOOD, None),  # one frame never suffices
        ([{A: 0.92}, {A: 0.92}], GOOD, A),  # two good ones do
        ([{A: 0.92}, {A: 0.92}], POOR, None),
        ([{A: 0.92}, {A: 0.92}, {A: 0.92}], POOR, A),  # of poor ones it takes three
        ([{A: 0.89}, {A: 0.90}], GOOD, None),  # the mean stays under the threshold
        ([{A: 0.89}, {A: 0.95}], GOOD, A),  # a frame under the threshold may agree
        ([{A: 0.92}, {}, {A: 0.92}], GOOD, A),
        ([{A: 0.91}, {}, {}, {}, {A: 0.91}], GOOD, None),  # frames that did not find her count against
        ([{A: 0.92}, {A: 0.94}, {}], GOOD, None),  # the picture of now must show her
        ([{A: 0.92, B: 0.95}, {A: 0.92, B: 0.95}], GOOD, B),  # only the leader
        ([{A: 0.950, B: 0.948}] * 2, GOOD, None),  # a near tie wants twice the frames
        ([{A: 0.950, B: 0.948}] * 4, GOOD, A),  # and is not passed over
        ([{A: 0.89}, *[{A: 0.90}] * 6], GOOD, None),  # the best of many, just at the threshold, can be luck
        ([{A: 0.89}, *[{A: 0.90 + LUCK * POLICY.spread}] * 6], GOOD, A),
        ([{A: 0.90}, {A: 0.90}], GOOD, A),  # the threshold itself counts
    ],
)
def test_decide(frames, value, raised):
    verdict = decide(passage(*frames, value=value), policy=POLICY, now=0)
    assert (verdict.subject if verdict else None) == raised


def test_a_subject_is_not_handed_on_again_by_its_track_for_a_while():
    track = passage({A: 0.95}, {A: 0.95})
    verdict = decide(track, policy=POLICY, now=5)
    assert (verdict.subject, verdict.reference, verdict.frames) == (A, f"{A}/1", 2)
    assert verdict.score == pytest.approx(0.95)
    assert verdict.before is None
    track = hand_on(track, verdict, now=5)
    assert decide(track, policy=POLICY, now=5) is None
    track = passage({A: 0.99}, {A: 0.99}, track=track)
    again = 5 + POLICY.again_after
    assert decide(track, policy=POLICY, now=again - 0.001) is None
    assert decide(track, policy=POLICY, now=again).before == 5
    assert decide(passage({}, track=track), policy=POLICY, now=again) is None  # no longer seen
    track = hand_on(track, decide(track, policy=POLICY, now=again), now=again)
    assert decide(track, policy=POLICY, now=again + 1) is None


def test_another_who_comes_to_lead_is_handed_on_too():
    track = passage({A: 0.95}, {A: 0.95})
    track = hand_on(track, decide(track, policy=POLICY, now=0), now=0)
    track = passage(*[{B: 0.97}] * 6, track=track)
    assert decide(track, policy=POLICY, now=1).subject == B


def test_the_four_best_frames_count():
    luck = LUCK * POLICY.spread
    track = passage({A: 0.94}, {A: 0.89}, {A: 0.92})
    assert fused(track.evidence[A], spread=POLICY.spread) == pytest.approx((0.94 + 0.89 + 0.92) / 3)
    track = passage({A: 0.90}, {}, {A: 0.96}, track=track)
    assert fused(track.evidence[A], spread=POLICY.spread) == pytest.approx(
        (0.90 + 0.92 + 0.94 + 0.96) / 4 - 2 * luck / (WINDOW - BEST)
    )


def test_bad_frames_take_nothing_from_good_ones():
    good = [{A: 0.95}] * BEST
    for bad in ({A: 0.881}, {}):
        track = passage(*good, bad)
        assert fused(track.evidence[A], spread=POLICY.spread) == pytest.approx(
            0.95 - LUCK * POLICY.spread / (WINDOW - BEST)
        )


def test_a_frame_without_her_counts_as_the_floor_and_not_as_agreement():
    evidence = passage({A: 0.94}, {}).evidence[A]
    assert evidence.scores == (0.94, POLICY.floor)
    assert agreeing(evidence, above=POLICY.floor) == 1


def test_of_several_references_the_best_counts_and_is_named():
    track = weigh(
        new_track(),
        hits=[Hit("r2", A, 0.95), Hit("r1", A, 0.91)],
        quality=quality(GOOD),
        policy=POLICY,
    )
    track = weigh(track, hits=[Hit("r3", A, 0.97)], quality=quality(GOOD), policy=POLICY)
    assert track.evidence == {A: Evidence("r3", (0.95, 0.97), (GOOD, GOOD), 0.97)}


def test_evidence_is_bounded_and_forgotten():
    track = passage(*[{A: 0.89}] * (3 * WINDOW))
    assert len(track.evidence[A].scores) == len(track.evidence[A].weights) == WINDOW
    assert track.usable == 3 * WINDOW
    assert passage(*[{}] * WINDOW, track=track).evidence == {}
