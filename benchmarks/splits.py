"""Does a calibration hold on other people? Calibrated on half of the persons, tried on the other half, many times."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.calibrating import calibrate
from recognition.measuring.photographs import Photograph

LISTED = (20, 100, 250)
RATES = (0.01, 0.001)


@dataclass(frozen=True, slots=True)
class SplitResult:
    """False alert rates measured on unseen people where `rate` was asked for."""

    listed: int
    rate: float
    basis: str  # "expected" or "cautious" threshold
    measured: list[float] = field(default_factory=list)


def try_on_other_people(photographs: Sequence[Photograph], *, splits: int, seed: int) -> list[SplitResult]:
    """For each list size, rate and basis the rates measured over `splits` divisions by person."""
    rng = np.random.default_rng(seed)
    usable = [photograph for photograph in photographs if photograph.quality.usable]
    people = sorted({photograph.person for photograph in usable})
    results = [
        SplitResult(listed, rate, basis) for listed in LISTED for rate in RATES for basis in ("expected", "cautious")
    ]
    for _ in range(splits):
        half = set(rng.permutation(people)[: len(people) // 2].tolist())
        known = [photograph for photograph in usable if photograph.person in half]
        others = [photograph for photograph in usable if photograph.person not in half]
        found = calibrate(known, pack="split", source="", date="", with_passages=False)
        scores = _best_references(others)
        for result in results:
            cautious = result.basis == "cautious"
            threshold = next(
                threshold
                for threshold in found.thresholds
                if found.false_alert_rate(threshold, gallery_size=result.listed, cautious=cautious) <= result.rate
            )
            result.measured.append(_false_alert_rate(scores, threshold, result.listed))
    return results


def _best_references(photographs: Sequence[Photograph]) -> NDArray[np.float32]:
    """(probes, people - 1) scores of every photograph against the first one of everybody else."""
    first: dict[int, Photograph] = {}
    for photograph in photographs:
        first.setdefault(photograph.person, photograph)
    listed = np.array(list(first))
    references = np.stack([photograph.template for photograph in first.values()])
    return np.stack([(references @ probe.template)[listed != probe.person] for probe in photographs])


def _false_alert_rate(scores: NDArray[np.float32], threshold: float, listed: int) -> float:
    """Mean over probes of the chance that `listed` references drawn from all hold one at or above the threshold."""
    over, of = (scores >= threshold).sum(axis=1), scores.shape[1]
    drawn = np.arange(listed)
    none = np.prod(np.clip((of - over[:, np.newaxis] - drawn) / (of - drawn), 0, 1), axis=1)  # without replacement
    return float(np.mean(1 - none))
