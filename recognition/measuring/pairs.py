"""Which scores does every pair of photographs get? In blocks, so that no square of all photographs is ever held."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.photographs import Photograph

BLOCK = 256  # rows at once: 13,000 photographs make 13 MB of scores
HALF = 2**15  # bins from 0 to 1, and as many below: a power of two, so that no score falls into its neighbour's bin


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many scores lie in each of 65,536 steps from -1 to 1."""

    counts: NDArray[np.int64]  # (2 * HALF + 1,), the last for a score of 1 itself

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @property
    def steps(self) -> NDArray[np.float64]:
        """Lower edges of the steps: the only thresholds that a tally can speak of."""
        return np.arange(-HALF, HALF + 1) / HALF

    @property
    def at_least(self) -> NDArray[np.int64]:
        """Scores at or above each of `steps`."""
        return self.counts[::-1].cumsum()[::-1]

    def threshold(self, rate: float) -> float:
        """The lowest step that at most a share of `rate` reaches; over 1, which nothing does, where there is none."""
        allowed = np.flatnonzero(self.at_least <= rate * self.total)
        return float(self.steps[allowed[0]]) if len(allowed) else 1 + 1 / HALF


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Every photograph against every other, once."""

    mated: NDArray[np.float32]  # (n,) the scores of all pairs of one person
    non_mated: Tally


def tally(scores: NDArray[np.float32]) -> Tally:
    """Scores beyond -1 or 1, which rounding makes of unit vectors, count as -1 or 1."""
    steps = np.floor(scores.ravel() * HALF).astype(np.int32)
    return Tally(np.bincount(np.clip(steps, -HALF, HALF) + HALF, minlength=2 * HALF + 1))


def all_pairs(photographs: Sequence[Photograph], *, block: int = BLOCK) -> Pairs:
    """Scores of all pairs; none of either kind gives an empty one."""
    people, templates = _arrays(photographs)
    mated: list[NDArray[np.float32]] = [np.zeros(0, np.float32)]
    counts = np.zeros(2 * HALF + 1, np.int64)
    for start in range(0, len(people), block):
        scores, once, same = _block(people, templates, start, block)
        mated.append(scores[once & same])
        counts += tally(scores[once & ~same]).counts
    return Pairs(np.concatenate(mated), Tally(counts))


def pairs_over(
    photographs: Sequence[Photograph], threshold: float, *, mated: bool, block: int = BLOCK
) -> NDArray[np.int64]:
    """(n, 2) places of the photographs whose scores are at or above `threshold`, of one person or of two."""
    people, templates = _arrays(photographs)
    found = [np.zeros((0, 2), np.int64)]
    for start in range(0, len(people), block):
        scores, once, same = _block(people, templates, start, block)
        rows, columns = np.nonzero(once & (same == mated) & (scores >= threshold))
        found.append(np.stack([rows, columns], axis=1) + start)
    return np.concatenate(found)


def some_non_mated(photographs: Sequence[Photograph], most: int, *, rng: np.random.Generator) -> NDArray[np.float32]:
    """(n,) scores of `most` pairs of different people, drawn at random, each once; all where there are not more."""
    people, templates = _arrays(photographs)
    own = np.bincount(people) if len(people) else np.zeros(0, int)
    most = min(most, (len(people) ** 2 - int((own**2).sum())) // 2)
    chosen = np.zeros(0, np.int64)
    while len(chosen) < most:
        first, second = np.sort(rng.integers(len(people), size=(2, 2 * most)), axis=0)
        drawn = (first * len(people) + second)[people[first] != people[second]]
        chosen = np.unique(np.concatenate([chosen, drawn]))
    chosen = rng.permutation(chosen)[:most]
    first, second = np.divmod(chosen, max(len(people), 1))
    parts = [slice(at, at + 16 * BLOCK) for at in range(0, most, 16 * BLOCK)]
    scores = [np.einsum("nd,nd->n", templates[first[part]], templates[second[part]]) for part in parts]
    return np.concatenate([np.zeros(0, np.float32), *scores])


def _block(
    people: NDArray[np.int64], templates: NDArray[np.float32], start: int, block: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows from `start` against columns from `start`: scores, which pairs are not seen elsewhere, which are mated."""
    end = min(start + block, len(people))
    once = np.triu(np.ones((end - start, len(people) - start), bool), 1)
    same = people[start:end, np.newaxis] == people[np.newaxis, start:]
    return templates[start:end] @ templates[start:].T, once, same


def _arrays(photographs: Sequence[Photograph]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    people = np.array([photograph.person for photograph in photographs], np.int64)
    templates = [photograph.template for photograph in photographs]
    return people, np.stack(templates) if templates else np.zeros((0, 1), np.float32)
