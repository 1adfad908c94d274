"""Which scores do people get against their own references, and against others'? The raw material of a calibration."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.pairs import pairs_over
from recognition.measuring.photographs import Photograph
from recognition.pipeline.decide import decide
from recognition.pipeline.evidence import weigh
from recognition.pipeline.limits import LIVE
from recognition.pipeline.types import Hit, Policy, Quality, Track
from watchlist.calibration import WITHIN

LEAST = -2.0  # below every score
AT_ONCE = 4096  # pairs whose templates are taken together
PASSAGE = 3  # pictures of a passage, each of another occasion


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Scores with the persons on both sides, by number; all arrays are (n,)."""

    scores: NDArray[np.float32]
    probes: NDArray[np.int64]
    references: NDArray[np.int64]


def single_comparisons(photographs: Sequence[Photograph], *, mated: bool, over: float = LEAST) -> Comparisons:
    """Every photograph against every other, once; of them those that score `over` or more."""
    people = np.array([photograph.person for photograph in photographs])
    templates = np.stack([photograph.template for photograph in photographs])
    first, second = pairs_over(photographs, over, mated=mated).T
    parts = [slice(at, at + AT_ONCE) for at in range(0, len(first), AT_ONCE)]
    scores = [np.einsum("nd,nd->n", templates[first[part]], templates[second[part]]) for part in parts]
    return Comparisons(np.concatenate([np.zeros(0, np.float32), *scores]), people[first], people[second])


def passage_comparisons(
    photographs: Sequence[Photograph], *, thresholds: NDArray[np.float64], spread: float, mated: bool, seed: int
) -> Comparisons:
    """Passages of three photographs against single references, scored by the highest threshold that `decide` lets pass.

    Mated: each photograph of a person with four or more is once the reference, three others pass. Non-mated: one
    passage for each person with three or more, against every photograph of everybody else.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for passage, references in _passages(photographs, mated=mated, rng=rng):
        templates = np.stack([reference.template for reference in references])
        scores = np.stack([photograph.template for photograph in passage]) @ templates.T
        qualities = [photograph.quality for photograph in passage]
        rows += [
            (passed_threshold(scores[:, i], qualities, thresholds, spread), passage[0].person, reference.person)
            for i, reference in enumerate(references)
        ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return Comparisons(table[:, 0].astype(np.float32), table[:, 1].astype(int), table[:, 2].astype(int))


def spread_of(mated: NDArray[np.float32]) -> float:
    """How far scores of one person lie apart, as `Calibration.spread` has it."""
    median, below = np.quantile(mated, (0.5, 1 - WITHIN))
    return float(median - below)


def passed_threshold(
    scores: NDArray[np.float32], qualities: Sequence[Quality], thresholds: NDArray[np.float64], spread: float
) -> float:
    """The highest of the ascending `thresholds` at which a passage with these scores becomes a candidate; 0 if none."""
    low, high = 0, int(np.searchsorted(thresholds, scores.max(), side="right"))  # a mean is never over its largest
    while low < high:
        middle = (low + high) // 2
        if becomes_candidate(scores, qualities, float(thresholds[middle]), spread):
            low = middle + 1
        else:
            high = middle
    return float(thresholds[low - 1]) if low else 0.0


def becomes_candidate(
    scores: NDArray[np.float32], qualities: Sequence[Quality], threshold: float, spread: float
) -> bool:
    """Whether `decide` hands a passage with these scores, frame by frame, on at some moment."""
    policy = Policy(threshold=threshold, spread=spread, quality=LIVE)
    track = Track(id="1", box=(0, 0, 0, 0), born=0, seen=0, frames=0, usable=0, best_quality=0)
    for score, quality in zip(scores.tolist(), qualities, strict=True):
        hits = [Hit("reference", "subject", score)] if score >= policy.floor else []
        track = weigh(track, hits=hits, quality=quality, policy=policy)
        if decide(track, policy=policy, now=track.seen):
            return True
    return False


def _passages(
    photographs: Sequence[Photograph], *, mated: bool, rng: np.random.Generator
) -> Iterator[tuple[list[Photograph], list[Photograph]]]:
    """(three photographs of one person, the references to hold them against)."""
    by_person: dict[int, list[Photograph]] = {}
    for photograph in photographs:
        by_person.setdefault(photograph.person, []).append(photograph)
    for person, own in by_person.items():
        if mated and len(own) > PASSAGE:
            for reference in own:
                others = [photograph for photograph in own if photograph is not reference]
                yield _drawn(others, rng), [reference]
        if not mated and len(own) >= PASSAGE:
            yield _drawn(own, rng), [photograph for photograph in photographs if photograph.person != person]


def _drawn(photographs: list[Photograph], rng: np.random.Generator) -> list[Photograph]:
    return [photographs[i] for i in rng.choice(len(photographs), PASSAGE, replace=False)]
