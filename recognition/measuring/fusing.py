"""Does looking at several frames help, by which rule, and does a threshold still mean what it did?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.comparisons import becomes_candidate, passed_threshold
from recognition.measuring.fusion import BEST_FRAME, REACHED_BY, RULES, Normal, Rule, likelihoods, pooled
from recognition.measuring.passages import Passage, Passages
from recognition.pipeline.evidence import LEAST_WEIGHT
from recognition.pipeline.types import Templates

FPIRS = (0.1, 0.05, 0.01)
DRAWS = 100
GRID = 200  # thresholds at which `decide` is tried
LIKE = 0.99  # share of non-mated passages whose best score is under the grid; nobody on a list would alert there
LOOKS = (1e-3, 3e-4, 1e-4, 3e-5)  # shares of single comparisons at whose thresholds the promise is tried
YOUNG, BETTER = 4, 0.1  # frames always compared, and the quality gained for which a later one is

DECIDED = "as the pipeline decides"
SPARSE = "... compared only at first and when better"
CORRELATIONS = {1.0: "log-likelihood ratio, frames as one", 0.5: "... half correlated", 0.0: "... independent"}
POOLED = "mean template (not permitted)"


@dataclass(frozen=True, slots=True)
class Spread:
    """Over draws of who is listed."""

    mean: float
    low: float  # 2.5 %
    high: float  # 97.5 %


@dataclass(frozen=True, slots=True)
class Fusion:
    """Listed people found by one rule where a share `fpir` of strangers' passages is found too."""

    footage: str
    rule: str
    listed: int
    fpir: float
    tpir: Spread
    gain: Spread  # over the single best frame of the same passages and lists


@dataclass(frozen=True, slots=True)
class Promise:
    """Strangers handed on at one threshold: by one good photograph each, and by `decide` in the course of a passage."""

    footage: str
    threshold: float
    comparisons: int  # of a passage with one person's reference
    one_look: int
    passage: int
    mated: float | None  # share of listed people's passages handed on; None where there are none


def fusions(passages: Passages, *, listed: int, draws: int = DRAWS, seed: int = 0) -> list[Fusion]:
    """Every rule at every FPIR that the strangers' passages can hold, `listed` people drawn anew `draws` times.

    ValueError where fewer than `listed` people can be listed.
    """
    if listed > len(passages.people):
        raise ValueError(f"{listed} people to list need two images each; {len(passages.people)} have them.")
    rng = np.random.default_rng(seed)
    lists = [rng.permutation(len(passages.people))[:listed] for _ in range(draws)]
    fused = dict(_by_rule(passages))
    tpirs = {rule: np.array([_tpirs(passages, scores, columns) for columns in lists]) for rule, scores in fused.items()}
    fewest = len(passages.items) - listed
    return [
        Fusion(passages.footage, rule, listed, fpir, spread(found[:, i]), spread(found[:, i] - tpirs[BEST_FRAME][:, i]))
        for rule, found in tpirs.items()
        for i, fpir in enumerate(FPIRS)
        if fpir * fewest >= 1
    ]


def promises(passages: Passages) -> list[Promise]:
    """Whether passages raise as few strangers as single looks do, from which thresholds are calibrated."""
    own = passages.own
    stills = np.concatenate([passage.still for passage in passages.items]) @ passages.references.T
    frames = [passage.templates @ passages.references.T for passage in passages.items]
    highest = np.array([scores.max(axis=0, initial=-1) for scores in frames])
    return [_promise(passages, own, stills, frames, highest, share) for share in LOOKS if share * (~own).sum() >= 1]


def _promise(
    passages: Passages,
    own: NDArray[np.bool_],
    stills: NDArray[np.float32],
    frames: list[NDArray[np.float32]],
    highest: NDArray[np.float32],
    share: float,
) -> Promise:
    threshold = float(np.quantile(stills[~own], 1 - share))
    handed_on = np.zeros_like(own)
    for row, column in zip(*np.nonzero(highest >= threshold), strict=True):
        handed_on[row, column] = becomes_candidate(
            frames[row][:, column], passages.items[row].qualities, threshold, passages.spread
        )  # no pair whose frames all lie below could
    strangers, mated = ~own, handed_on[passages.mated]
    return Promise(
        footage=passages.footage,
        threshold=threshold,
        comparisons=int(strangers.sum()),
        one_look=int((stills[strangers] >= threshold).sum()),
        passage=int(handed_on[strangers].sum()),
        mated=float(mated.mean()) if len(mated) else None,
    )


def _by_rule(passages: Passages) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """(rule, (passages, listable) fused scores); the lowest where a passage has no usable frame.

    Rules for which no passage has frames enough are left out: they would find nobody, which says nothing of them.
    """
    longest = max(len(passage.qualities) for passage in passages.items)
    for name, rule in RULES.items():
        if REACHED_BY.get(name, 0) <= longest:
            yield name, _scores(passages, _applied(rule, passages.references))
    for correlation, name in CORRELATIONS.items():
        ratios = likelihoods(*_normals(passages), correlation=correlation)
        yield name, _scores(passages, _applied(ratios, passages.references))
    yield POOLED, _scores(passages, lambda frames, weights: (pooled(frames, weights) @ passages.references.T)[0])
    yield DECIDED, _decided(passages, lambda passage: range(len(passage.qualities)))
    yield SPARSE, _decided(passages, worth_comparing)


def _applied(rule: Rule, references: Templates) -> Callable[[Templates, NDArray[np.float64]], NDArray[np.float32]]:
    return lambda frames, weights: rule(frames @ references.T, weights)


def worth_comparing(passage: Passage) -> list[int]:
    """The frames that are left if, after the first few, only clearly better ones are compared."""
    chosen: list[int] = []
    best = 0.0
    for frame, quality in enumerate(passage.qualities):
        if frame < YOUNG or quality.value >= best + BETTER:
            chosen.append(frame)
            best = max(best, quality.value)
    return chosen


def _normals(passages: Passages) -> tuple[Normal, Normal]:
    """Mean and deviation of mated and of non-mated scores by quality; of these passages, which flatters the rule."""
    own = passages.own
    scores = np.concatenate([passage.templates @ passages.references.T for passage in passages.items])
    same = np.repeat(own, [len(passage.qualities) for passage in passages.items], axis=0)
    quality = np.array([quality.value for passage in passages.items for quality in passage.qualities])
    qualities = np.broadcast_to(quality[:, np.newaxis], same.shape)
    return _normal(scores[same], qualities[same]), _normal(scores[~same], qualities[~same])


def _normal(scores: NDArray[np.float32], quality: NDArray[np.float64]) -> Normal:
    slope, start = np.polyfit(quality, scores, 1)
    deviation = float(np.std(scores - start - slope * quality))
    return lambda at: np.stack([start + slope * at, np.full_like(at, deviation)])


def _scores(
    passages: Passages, fuse: Callable[[Templates, NDArray[np.float64]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    found = np.full((len(passages.items), len(passages.people)), -np.inf, np.float32)
    for row, passage in enumerate(passages.items):
        if passage.qualities:
            weights = np.array([max(quality.value, LEAST_WEIGHT) for quality in passage.qualities])
            found[row] = fuse(passage.templates, weights)
    return found


def _decided(passages: Passages, compared: Callable[[Passage], Sequence[int]]) -> NDArray[np.float32]:
    """The highest threshold at which `decide` hands each pair on; 0 where that is too low to matter on any list."""
    frames = [passage.templates[list(compared(passage))] @ passages.references.T for passage in passages.items]
    highest = np.array([scores.max(axis=0, initial=0) for scores in frames])
    start = float(np.quantile(highest[~passages.own], LIKE))
    thresholds = np.linspace(start, 1, GRID + 1)
    found = np.zeros_like(highest)
    for row, column in zip(*np.nonzero(highest >= start), strict=True):
        passage = passages.items[row]
        qualities = [passage.qualities[frame] for frame in compared(passage)]
        found[row, column] = passed_threshold(frames[row][:, column], qualities, thresholds, passages.spread)
    return found


def _tpirs(passages: Passages, scores: NDArray[np.float32], columns: NDArray[np.int64]) -> list[float]:
    own, on_list = passages.own, np.zeros(len(passages.people), bool)
    on_list[columns] = True
    listed_passages = (own & on_list).any(axis=1)
    strangers = scores[np.ix_(~listed_passages, on_list)].max(axis=1)
    mated = scores[passages.mated & on_list]
    return [float((mated > np.quantile(strangers, 1 - fpir, method="higher")).mean()) for fpir in FPIRS]


def spread(values: NDArray[np.float64]) -> Spread:
    """Of one figure over the draws."""
    low, high = np.quantile(values, [0.025, 0.975])
    return Spread(float(values.mean()), float(low), float(high))
