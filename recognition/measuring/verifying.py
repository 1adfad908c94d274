"""Same person or not? Accuracy over pairs, after ISO/IEC 19795-1."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.errors import TooFew
from recognition.measuring.pairs import Pairs, some_non_mated
from recognition.measuring.photographs import Photograph

FOLDS = 10
DRAWS = 10  # of the non-mated pairs: one draw says 98.7 % and the next 99.1 % of the same photographs
FARS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)


@dataclass(frozen=True, slots=True)
class VerificationAccuracy:
    """Over all mated pairs and as many non-mated ones; means over draws of the latter."""

    pairs: int  # of both kinds, in a draw
    accuracy: float  # mean over folds, threshold chosen on the others
    std: float  # over folds
    std_of_draws: float  # of the accuracy
    eer: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """TAR, the share of mated pairs accepted, where a share FAR of all non-mated pairs is accepted too."""

    far: float
    tar: float
    threshold: float
    false: int  # non-mated pairs that were accepted


def verification(photographs: Sequence[Photograph], pairs: Pairs, *, seed: int = 0) -> VerificationAccuracy:
    """Ten-fold accuracy and equal error rate; folds are of pairs, a person may be in several.

    TooFew where there are not ten pairs of each kind.
    """
    rng = np.random.default_rng(seed)
    each = min(len(pairs.mated), pairs.non_mated.total)
    if each < FOLDS:
        raise TooFew(
            f"Fewer than {FOLDS} pairs of images of one person, or of two people: "
            f"there are {len(pairs.mated):,} and {pairs.non_mated.total:,}."
        )
    folds, eers = [], []
    for _ in range(DRAWS):
        mated = rng.permutation(pairs.mated)[:each]  # all, unless there are even fewer of the others
        non_mated = some_non_mated(photographs, each, rng=rng)
        folds.append(_folds(mated, non_mated, rng))
        eers.append(_eer(mated, non_mated))
    return VerificationAccuracy(
        pairs=2 * each,
        accuracy=float(np.mean(folds)),
        std=float(np.std(folds, axis=1).mean()),
        std_of_draws=float(np.mean(folds, axis=1).std()),
        eer=float(np.mean(eers)),
    )


def accepted_at(pairs: Pairs, far: float) -> Accepted:
    """At the lowest threshold that keeps `far`. TooFew where one non-mated pair is already more than that."""
    if not len(pairs.mated):
        raise TooFew("There are no two images of one person.")
    total = pairs.non_mated.total
    if total * far < 1:
        raise TooFew(f"Fewer than {round(1 / far):,} pairs of two people: there are {total:,}.")
    threshold = pairs.non_mated.threshold(far)
    false = int(pairs.non_mated.counts[pairs.non_mated.steps >= threshold].sum())
    return Accepted(far, float((pairs.mated >= threshold).mean()), threshold, false)


def _folds(mated: NDArray[np.float32], non_mated: NDArray[np.float32], rng: np.random.Generator) -> list[float]:
    scores = np.concatenate([mated, non_mated])
    same = np.repeat([True, False], len(mated))
    fold = rng.permutation(len(scores)) % FOLDS
    return [
        float(np.mean((scores[fold == i] >= _best_threshold(scores[fold != i], same[fold != i])) == same[fold == i]))
        for i in range(FOLDS)
    ]


def _best_threshold(scores: NDArray[np.float32], same: NDArray[np.bool_]) -> float:
    order = np.argsort(-scores)
    right = np.cumsum(np.where(same[order], 1, -1))  # pairs gained by accepting down to here
    return float(scores[order[int(right.argmax())]])


def _eer(mated: NDArray[np.float32], non_mated: NDArray[np.float32]) -> float:
    thresholds = np.sort(np.concatenate([mated, non_mated]))
    missed = np.searchsorted(np.sort(mated), thresholds, side="left") / len(mated)
    accepted = 1 - np.searchsorted(np.sort(non_mated), thresholds, side="left") / len(non_mated)
    nearest = int(np.abs(missed - accepted).argmin())
    return float((missed[nearest] + accepted[nearest]) / 2)
