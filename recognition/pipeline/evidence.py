"""What has a passage shown so far? Scores of a track's frames per subject; no template, no picture."""

from collections.abc import Iterable
from dataclasses import replace

from recognition.pipeline.types import Evidence, Hit, Policy, Quality, Track

WINDOW = 8  # usable frames remembered: bounds what a track holds, and outlives two tracks' swapping faces
LEAST_WEIGHT = 0.05  # a usable frame always counts for something

# Measured in docs/decisions/0010-best-frames.md and 0013-closer-look.md.
BEST = 4  # frames whose scores are averaged
LUCK = 0.2  # of the pack's spread: what a stranger gains by being judged at the best frames of a whole window


def weigh(track: Track, *, hits: Iterable[Hit], quality: Quality, policy: Policy) -> Track:
    """The track with one more usable frame. `hits` are the frame's results at the policy's floor, best first.

    A known subject that is not among them gets the floor as its score, the most it can have had: leaving the frame out
    would let a stranger keep the lucky frames only.
    """
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.subject, hit)
    weight = max(quality.value, LEAST_WEIGHT)
    evidence = {
        subject: _extended(known, best.pop(subject, None), weight, policy.floor)
        for subject, known in track.evidence.items()
    }
    evidence |= {subject: Evidence(hit.reference, (hit.score,), (weight,), hit.score) for subject, hit in best.items()}
    return replace(
        track,
        usable=track.usable + 1,
        best_quality=max(track.best_quality, quality.value),
        evidence={subject: known for subject, known in evidence.items() if max(known.scores) > policy.floor},
    )


def fused(evidence: Evidence, *, spread: float) -> float:
    """Mean of the best four scores, less what a stranger gains by their being the best.

    Blur, distance and bad light mostly take from a mated score, so that the best frames say most. But a stranger's
    luckiest frames are picked as well: less LUCK, as far as there was something to pick from, a passage is worth about
    what one good photograph with that score is, which is what thresholds are calibrated on.
    """
    best = sorted(evidence.scores)[-BEST:]
    left_out = len(evidence.scores) - len(best)
    return sum(best) / len(best) - LUCK * spread * left_out / (WINDOW - BEST)


def agreeing(evidence: Evidence, *, above: float, quality: float = 0.0) -> int:
    """Frames of at least `quality` in which the subject scored above the search floor."""
    return sum(s > above and w >= quality for s, w in zip(evidence.scores, evidence.weights, strict=True))


def _extended(known: Evidence, hit: Hit | None, weight: float, floor: float) -> Evidence:
    score = hit.score if hit else floor
    return Evidence(
        reference=hit.reference if hit and hit.score > known.best else known.reference,
        scores=(*known.scores, score)[-WINDOW:],
        weights=(*known.weights, weight)[-WINDOW:],
        best=max(known.best, score),
    )
