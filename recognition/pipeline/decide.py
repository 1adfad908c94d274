"""Does a passage's evidence ask for verification?"""

from dataclasses import dataclass, replace

from recognition.pipeline.evidence import WINDOW, agreeing, fused
from recognition.pipeline.types import Evidence, Policy, Track

NEAR_TIE = 1 / 3  # of the pack's spread: fused scores nearer than this do not tell two people apart


@dataclass(frozen=True, slots=True)
class Verdict:
    """The subject a track's evidence points at, strongly enough for a second look."""

    subject: str
    reference: str
    score: float  # fused
    frames: int  # usable frames that agreed
    before: float | None  # when the track handed this subject on before; nobody here knows what came of it


def is_first(verdict: Verdict) -> bool:
    """Whether the passage has not pointed at this subject before."""
    return verdict.before is None


def decide(track: Track, *, policy: Policy, now: float) -> Verdict | None:
    """The leading subject, if its fused score reaches the threshold, enough frames agree, and it was not handed on
    just now.

    Only the leader: one face is one person. A near tie asks for twice the frames, so that kin and doubles get a longer
    look but are not passed over. If another subject comes to lead (two tracks swapped faces), it is handed on as well.
    """
    scores = {subject: fused(evidence, spread=policy.spread) for subject, evidence in track.evidence.items()}
    if not scores:
        return None
    subject, *others = sorted(scores, key=scores.__getitem__, reverse=True)
    evidence, score = track.evidence[subject], scores[subject]
    near_tie = bool(others) and score - scores[others[0]] < NEAR_TIE * policy.spread
    seen_now = evidence.scores[-1] > policy.floor  # else the picture handed on could be of whoever crossed the track
    before = track.raised.get(subject)
    just_now = before is not None and now - before < policy.again_after
    if just_now or not seen_now or score < policy.threshold:
        return None
    if not _agreed(evidence, policy, near_tie=near_tie):
        return None
    return Verdict(subject, evidence.reference, score, agreeing(evidence, above=policy.floor), before)


def hand_on(track: Track, verdict: Verdict, *, now: float) -> Track:
    """The track, remembering that this subject is with verification now."""
    return replace(track, raised=track.raised | {verdict.subject: now})


def _agreed(evidence: Evidence, policy: Policy, *, near_tie: bool) -> bool:
    """Whether enough frames agree: few where they are good, more where they are not, twice as many in a near tie."""
    times = 2 if near_tie else 1
    enough, enough_good = min(times * policy.agree, WINDOW), min(times * policy.agree_good, WINDOW)
    return (
        agreeing(evidence, above=policy.floor) >= enough
        or agreeing(evidence, above=policy.floor, quality=policy.good_quality) >= enough_good
    )
