"""How is a pack calibrated? Score distributions with a tail beyond the data and the limits other people would set."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.comparisons import PASSAGE, Comparisons, passage_comparisons, single_comparisons, spread_of
from recognition.measuring.pairs import all_pairs
from recognition.measuring.photographs import Photograph
from recognition.measuring.progress import progress
from watchlist.calibration import ONE_IN, Calibration, Curve, Frames

SPOKEN_FOR = 10  # comparisons that must reach a threshold for it to count as measured
TAIL = 1e-3  # share of comparisons, the highest, that the tail is fitted to
STEPS = 200  # of the grid of thresholds
GRID_START = 0.9  # quantile of the non-mated scores; lower thresholds are of no use to anybody
DRAWS = 200  # of people with replacement
LIMITS = (0.05, 0.95)  # quantiles over the draws

LEAST_PEOPLE = 100  # fewer drawn with replacement say little of what others would give
LEAST_NON_MATED = SPOKEN_FOR * ONE_IN  # else not even a list of one could be spoken for at 1 in 1,000
LEAST_MATED = 100  # a share of them is known to ten points either way


class TooFew(ValueError):
    """The folder cannot support a calibration; the text says what it has and what is needed."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a curve is made of."""

    highest: Comparisons  # at least those that reach the grid, of people numbered from 0
    people: int
    total: Callable[[NDArray[np.float64]], float]  # weight of all comparisons, the lower ones too, by that of people


def calibrate(
    photographs: Sequence[Photograph], *, pack: str, source: str, date: dt.date, seed: int = 0, quiet: bool = True
) -> Calibration:
    """The calibration of `pack` measured on these photographs, of which only those good enough to be used count.

    Raises TooFew. Passages need people with four photographs: without any, listed people recognised are known from
    single photographs alone.
    """
    usable = [photograph for photograph in photographs if photograph.quality.usable]
    _require_enough(usable)
    thresholds, strangers = of_strangers(usable, seed=seed, quiet=quiet)
    single = single_comparisons(usable, mated=True)
    mated = {Frames.SINGLE: single}
    if max(np.bincount([photograph.person for photograph in usable])) > PASSAGE:
        mated[Frames.PASSAGE] = passage_comparisons(
            usable, thresholds=thresholds, spread=spread_of(single.scores), mated=True, seed=seed
        )
    return Calibration(
        pack=pack,
        source=source,
        date=date,
        thresholds=_rounded(thresholds),
        non_mated=strangers,
        mated={frames: _curve(_of_mates(found), thresholds, seed=seed, tail=0) for frames, found in mated.items()},
    )


def of_strangers(
    usable: Sequence[Photograph], *, seed: int = 0, quiet: bool = True
) -> tuple[NDArray[np.float64], Curve]:
    """The grid of thresholds, ascending, and how often two different people reach each of them."""
    start = np.floor(100 * all_pairs(usable).non_mated.threshold(1 - GRID_START)) / 100
    thresholds = np.linspace(start, 1.0, STEPS + 1)
    _, people, images = np.unique([each.person for each in usable], return_inverse=True, return_counts=True)
    numbered = [replace(each, person=int(person)) for each, person in zip(usable, people, strict=True)]

    def total(weights: NDArray[np.float64]) -> float:
        return float((weights @ images) ** 2 - weights**2 @ images**2) / 2

    found = _Found(single_comparisons(numbered, mated=False, over=float(start)), len(images), total)
    return thresholds, _curve(found, thresholds, seed=seed, tail=TAIL, quiet=quiet)


def _of_mates(found: Comparisons) -> _Found:
    _, people, pairs = np.unique(found.probes, return_inverse=True, return_counts=True)
    numbered = Comparisons(found.scores, people, people)
    return _Found(numbered, len(pairs), lambda weights: float(weights**2 @ pairs))


def _require_enough(usable: Sequence[Photograph]) -> None:
    images = np.bincount([photograph.person for photograph in usable]) if usable else np.zeros(0, int)
    people, mated = int((images > 0).sum()), int((images * (images - 1) // 2).sum())
    non_mated = len(usable) * (len(usable) - 1) // 2 - mated
    for has, least, what in (
        (people, LEAST_PEOPLE, "people"),
        (non_mated, LEAST_NON_MATED, "comparisons of different people"),
        (mated, LEAST_MATED, "comparisons of two images of one person"),
    ):
        if has < least:
            raise TooFew(
                f"Too few to calibrate on: a good face was found in {len(usable):,} images, which give {has:,} {what}; "
                f"at least {least:,} are needed. Add people, with two images or more of some."
            )


def _curve(found: _Found, thresholds: NDArray[np.float64], *, seed: int, tail: float, quiet: bool = True) -> Curve:
    """Shares at or above each threshold, the highest share `tail` of them smoothed and drawn out beyond the data."""
    comparisons = round(found.total(np.ones(found.people)))
    order = np.argsort(found.highest.scores)
    scores = found.highest.scores[order].astype(np.float64)
    ranked = _Ranked(scores, thresholds, fitted=int(tail * comparisons))
    probes, references = found.highest.probes[order], found.highest.references[order]

    def shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return ranked.shares(weights[probes] * weights[references] / found.total(weights))

    rng, draws = np.random.default_rng(seed), []
    for _ in progress(range(DRAWS), "Drawing people", total=DRAWS, unit="draws", quiet=quiet):
        drawn = np.bincount(rng.integers(found.people, size=found.people), minlength=found.people)
        draws.append(shares(drawn.astype(float)))
    lower, upper = np.quantile(draws, LIMITS, axis=0)
    return Curve(
        comparisons=comparisons,
        people=found.people,
        measured_to=round(float(scores[-SPOKEN_FOR:][0]), 4),
        shares=_rounded(shares(np.ones(found.people))),
        lower=_rounded(lower),
        upper=_rounded(upper),
    )


class _Ranked:
    """Ascending scores and the grid they are counted on; the `fitted` highest are smoothed and drawn out."""

    def __init__(self, scores: NDArray[np.float64], thresholds: NDArray[np.float64], *, fitted: int) -> None:
        self._reached = np.searchsorted(scores, thresholds)  # first score at or above each threshold
        self._tail = slice(max(len(scores) - fitted, 0), np.searchsorted(scores, 1.0))
        tail = scores[self._tail]
        start = float(tail[0]) if fitted and len(tail) else 1.0
        self._nearer = np.log((1 - start) / (1 - tail)) if start < 1 else np.zeros(len(tail))
        self._beyond = thresholds > start
        self._distance = (1 - thresholds) / max(1 - start, 1e-12)

    def shares(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of comparisons weighted thus, at each threshold: counted, and in the tail a power of the distance 1 - t, by
        Hill's estimator on its logarithm.

        Of unit vectors that fill a space of some dimension evenly, the share within a small distance is such a power.
        An exponential of the score itself, which has no end at 1, gave thresholds far too high (docs/accuracy.md).
        """
        over = np.append(weights[::-1].cumsum()[::-1], 0.0)
        counted, tail = over[self._reached], weights[self._tail]
        mean = float(tail @ self._nearer) / max(float(tail.sum()), 1e-300)
        if mean <= 0:
            return counted
        return np.where(self._beyond, tail.sum() * np.minimum(self._distance, 1) ** (1 / mean), counted)


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)
