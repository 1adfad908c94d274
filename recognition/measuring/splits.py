"""Does a calibration hold on other people? Calibrated on half of the persons, tried on the other half, many times."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.calibrating import LEAST_PEOPLE, of_strangers
from recognition.measuring.photographs import Photograph
from recognition.measuring.progress import progress
from watchlist.calibration import Calibration

SPLITS = 20
LISTED = (20, 100, 250)
ONE_IN = (100, 1000)
FACTOR = 2  # a measured rate between half and twice the promised one counts as kept


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised of a list of this length, and what other people then gave: the measured rate over it."""

    listed: int
    one_in: int
    ratios: tuple[float, ...]  # of the splits that could be tried
    spoken_for: int  # splits whose half could speak for a list of this length; elsewhere the product would refuse it

    @property
    def mean(self) -> float:
        return float(np.mean(self.ratios))

    @property
    def sd(self) -> float:
        return float(np.std(self.ratios))

    @property
    def within(self) -> float:
        """Share of splits within a factor of two, either way."""
        return self._share(lambda ratio: 1 / FACTOR <= ratio <= FACTOR)

    @property
    def at_most_double(self) -> float:
        return self._share(lambda ratio: ratio <= FACTOR)

    @property
    def kept(self) -> float:
        """Share of splits in which no more false alerts came than were promised."""
        return self._share(lambda ratio: ratio <= 1)

    def _share(self, holds: Callable[[float], bool]) -> float:
        return sum(map(holds, self.ratios)) / len(self.ratios)


def try_on_other_people(
    photographs: Sequence[Photograph],
    *,
    splits: int = SPLITS,
    seed: int = 0,
    quiet: bool = True,
) -> list[Promise]:
    """A promise for each list size and rate that half of the people are enough for; empty where they are not."""
    rng = np.random.default_rng(seed)
    usable = [photograph for photograph in photographs if photograph.quality.usable]
    people = sorted({photograph.person for photograph in usable})
    if len(people) < 2 * LEAST_PEOPLE:
        return []
    asked = [(listed, one_in) for listed in LISTED for one_in in ONE_IN if listed < len(people) // 2]
    ratios: dict[tuple[int, int], list[float]] = {each: [] for each in asked}
    spoken_for = dict.fromkeys(asked, 0)
    for _ in progress(range(splits), "Trying it on other people", total=splits, unit="halves", quiet=quiet):
        half = set(rng.permutation(people)[: len(people) // 2].tolist())
        others = [photograph for photograph in usable if photograph.person not in half]
        found = _of_half([photograph for photograph in usable if photograph.person in half])
        scores = _against_others(others)
        for listed, one_in in asked:
            threshold = found.threshold_for(templates=listed, one_in=one_in)
            ratios[listed, one_in].append(false_alert_rate(scores, threshold, listed) * one_in)
            spoken_for[listed, one_in] += listed <= found.largest_list(one_in=one_in)
    return [Promise(*each, tuple(ratios[each]), spoken_for[each]) for each in asked]


def _of_half(photographs: Sequence[Photograph]) -> Calibration:
    """What the promise rests on, and no more: who is recognised is not tried here."""
    thresholds, strangers = of_strangers(photographs)
    return Calibration("half", "half of the people", dt.date.min, tuple(thresholds.tolist()), strangers, {})


def _against_others(photographs: Sequence[Photograph]) -> NDArray[np.float32]:
    """(probes, people - 1) scores of every photograph against the first one of everybody else."""
    first: dict[int, Photograph] = {}
    for photograph in photographs:
        first.setdefault(photograph.person, photograph)
    listed = np.array(list(first))
    references = np.stack([photograph.template for photograph in first.values()])
    return np.stack([(references @ probe.template)[listed != probe.person] for probe in photographs])


def false_alert_rate(scores: NDArray[np.float32], threshold: float, listed: int) -> float:
    """Mean over probes (rows) of the chance that `listed` references drawn from all hold one at or above it."""
    over, of = (scores >= threshold).sum(axis=1), scores.shape[1]
    drawn = np.arange(listed)
    none = np.prod(np.clip((of - over[:, np.newaxis] - drawn) / (of - drawn), 0, 1), axis=1)  # without replacement
    return float(np.mean(1 - none))
