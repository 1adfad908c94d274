"""How is a pack calibrated? Score distributions with a tail beyond the data and an upper limit over other people."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.comparisons import Comparisons, passage_comparisons, single_comparisons
from recognition.measuring.photographs import Photograph
from recognition.packs.calibration import Calibration, Curve, Frames

SPOKEN_FOR = 10  # comparisons that must reach a threshold for it to count as measured
TAIL = 200  # highest comparisons that an exponential tail is fitted to: without bias over 40 splits by person
STEPS = 200  # of the grid of thresholds
GRID_START = 0.9  # quantile of the non-mated scores; lower thresholds are of no use to anybody
DRAWS = 200  # of people with replacement
UPPER = 0.9  # quantile over the draws


def calibrate(
    photographs: Sequence[Photograph], *, pack: str, source: str, date: str, seed: int = 0, with_passages: bool = True
) -> Calibration:
    """The calibration of `pack` measured on these photographs, of which only those good enough to be used count."""
    usable = [photograph for photograph in photographs if photograph.quality.usable]
    strangers = single_comparisons(usable, mated=False)
    thresholds = np.linspace(np.floor(100 * np.quantile(strangers.scores, GRID_START)) / 100, 1.0, STEPS + 1)
    mated = {Frames.SINGLE: single_comparisons(usable, mated=True)}
    non_mated = {Frames.SINGLE: strangers}
    if with_passages:
        mated[Frames.PASSAGE] = passage_comparisons(usable, thresholds=thresholds, mated=True, seed=seed)
        non_mated[Frames.PASSAGE] = passage_comparisons(usable, thresholds=thresholds, mated=False, seed=seed)
    return Calibration(
        pack=pack,
        source=source,
        date=date,
        thresholds=_rounded(thresholds),
        non_mated={frames: _curve(found, thresholds, seed=seed, tail=TAIL) for frames, found in non_mated.items()},
        mated={frames: _curve(found, thresholds, seed=seed, tail=0) for frames, found in mated.items()},
    )


def _curve(found: Comparisons, thresholds: NDArray[np.float64], *, seed: int, tail: int) -> Curve:
    """Shares at or above each threshold; with `tail`, exponential beyond the highest `tail` comparisons."""
    _, people = np.unique(np.concatenate([found.probes, found.references]), return_inverse=True)
    probes, references = people[: len(found.probes)], people[len(found.probes) :]
    count = int(people.max()) + 1
    between = np.bincount(probes * count + references, minlength=count * count).reshape(count, count)
    high = found.scores >= thresholds[0]
    scores, probes, references = found.scores[high].astype(np.float64), probes[high], references[high]
    tail_start = float(np.sort(scores)[-tail]) if tail else 1.0

    def shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        weight = weights[probes] * weights[references]
        total = weights @ between @ weights
        return _shares(scores, weight / total, thresholds, tail_start)

    rng = np.random.default_rng(seed)
    draws = [shares(np.bincount(rng.integers(count, size=count), minlength=count).astype(float)) for _ in range(DRAWS)]
    return Curve(
        comparisons=len(found.scores),
        people=count,
        measured_to=round(float(np.sort(found.scores)[-SPOKEN_FOR:][0]), 4),
        shares=_rounded(shares(np.ones(count))),
        upper=_rounded(np.quantile(draws, UPPER, axis=0)),
    )


def _shares(
    scores: NDArray[np.float64], weights: NDArray[np.float64], thresholds: NDArray[np.float64], tail_start: float
) -> NDArray[np.float64]:
    bins = np.searchsorted(thresholds, scores, side="right") - 1
    measured = np.bincount(bins, weights, minlength=len(thresholds))[::-1].cumsum()[::-1]
    in_tail = scores >= tail_start
    mass = weights[in_tail].sum()
    excess = float(weights[in_tail] @ (scores[in_tail] - tail_start)) / max(mass, 1e-300)
    if excess <= 0:
        return measured
    return np.where(thresholds <= tail_start, measured, mass * np.exp(-(thresholds - tail_start) / excess))


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)
