"""Who on a list is found, and who is taken for somebody on it? Open-set identification, after ISO/IEC 19795-1."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.errors import TooFew
from recognition.measuring.searches import Searches
from watchlist.calibration import Frames

FPIRS = (0.1, 0.05, 0.01, 0.001)
FEW = 30  # false candidates: with fewer a rate may be off by more than a third (the rule of 30; Doddington 2000)
RESAMPLES = 2000
AT_ONCE = 100  # resamples: with 5,000 people 8 MB
OUTSIDE = 0.05  # share of the resamples that lie outside the interval


@dataclass(frozen=True, slots=True)
class Found:
    """Means over draws of who is listed."""

    tpir: float  # share of searches for listed people that find them
    tpir_sd: float  # over draws
    tpir_first: float  # counting only those who score over everybody else listed
    threshold: float

    @property
    def fnir(self) -> float:
        """The share of searches for listed people that miss them."""
        return 1 - self.tpir


@dataclass(frozen=True, slots=True)
class Identification:
    """TPIR where a share FPIR of the searches for people who are not listed gives a candidate."""

    listed: int
    frames: Frames
    fpir: float
    mated_searches: int  # the fewest in a draw
    non_mated_searches: int  # likewise
    found: Found | None  # None: it could not be measured
    reason: str = ""  # why not

    @property
    def false_candidates(self) -> int:
        """Searches for unlisted people that may reach the threshold, in the draw with the fewest."""
        return _allowed(self.fpir, self.non_mated_searches)

    @property
    def rough(self) -> bool:
        """Whether the threshold hangs on a handful of false candidates."""
        return self.found is not None and self.false_candidates < FEW


@dataclass(frozen=True, slots=True)
class Gained:
    """TPIR by single images and by passages, and the 95 % interval of their difference over people and draws."""

    single: float
    passage: float
    low: float
    high: float

    @property
    def gain(self) -> float:
        return self.passage - self.single


@dataclass(frozen=True, slots=True)
class Gain:
    """What passages find of those people whose images make passages, beside the same images one by one."""

    listed: int
    fpir: float
    people: int
    gained: Gained | None  # None: it could not be measured
    reason: str = ""  # why not


def threshold_at(searches: Searches, fpir: float) -> float:
    """The lowest threshold that at most a share `fpir` of the searches for unlisted people reaches. TooFew where a
    single one is already more than that."""
    count = len(searches.non_mated)
    if not len(searches.mated):
        raise TooFew("Nobody who is listed has images enough left to be searched for.")
    if not _allowed(fpir, count):
        raise TooFew(f"Fewer than {round(1 / fpir):,} searches for people who are not listed: there are {count:,}.")
    allowed = _allowed(fpir, count)
    best_refused = np.partition(searches.non_mated, -allowed - 1)[-allowed - 1]
    return float(np.nextafter(best_refused, np.float32(2)))


def identification(draws: Sequence[Searches], fpir: float, *, listed: int, frames: Frames) -> Identification:
    """One row of the table, of all draws of a list."""
    row = Identification(
        listed=listed,
        frames=frames,
        fpir=fpir,
        mated_searches=min(len(draw.mated) for draw in draws),
        non_mated_searches=min(len(draw.non_mated) for draw in draws),
        found=None,
    )
    try:
        _supported(draws, fpir)
        thresholds = [threshold_at(draw, fpir) for draw in draws]
    except TooFew as error:
        return replace(row, reason=str(error))
    hits = [draw.mated >= threshold for draw, threshold in zip(draws, thresholds, strict=True)]
    first = [hit & (draw.mated > draw.others) for draw, hit in zip(draws, hits, strict=True)]
    tpirs = [float(hit.mean()) for hit in hits]
    found = Found(
        tpir=float(np.mean(tpirs)),
        tpir_sd=float(np.std(tpirs)),
        tpir_first=float(np.mean([hit.mean() for hit in first])),
        threshold=float(np.mean(thresholds)),
    )
    return replace(row, found=found)


def gain(singles: Sequence[Searches], passages: Sequence[Searches], fpir: float, *, listed: int, seed: int) -> Gain:
    """Passages beside their own images, over the same draws, each at its own threshold of `fpir`.

    The interval is a bootstrap of 2,000 resamples over people and over draws (which vary who is listed, and with it
    the thresholds), since the searches of one person hang together.
    """
    people = np.unique(np.concatenate([draw.people for draw in passages]))
    row = Gain(listed, fpir, len(people), None)
    try:
        _supported(singles, fpir)
        _supported(passages, fpir)
        one = [_by_person(single, threshold_at(single, fpir), people, of) for single, of in _paired(singles, passages)]
        several = [_by_person(passage, threshold_at(passage, fpir), people, passage) for passage in passages]
    except TooFew as error:
        return replace(row, reason=str(error))
    single, passage = np.array(one), np.array(several)  # (draws, found and tried, people)
    rng = np.random.default_rng(seed)
    differences = [
        _rates(passage, draws, persons) - _rates(single, draws, persons)
        for draws, persons in (
            (_resampled(len(single), rng), _resampled(len(people), rng)) for _ in range(RESAMPLES // AT_ONCE)
        )
    ]
    low, high = np.quantile(differences, (OUTSIDE / 2, 1 - OUTSIDE / 2))
    everyone = np.ones((1, len(single))), np.ones((1, len(people)))
    one_rate, several_rate = (float(_rates(kind, *everyone)[0]) for kind in (single, passage))
    gained = Gained(one_rate, several_rate, float(low), float(high))
    return replace(row, gained=gained)


def _allowed(fpir: float, searches: int) -> int:
    return int(fpir * searches + 1e-9)  # a hundredth of 2,900 is 28.999...


def _supported(draws: Sequence[Searches], fpir: float) -> None:
    """TooFew, speaking of the draw that has the fewest."""
    threshold_at(min(draws, key=lambda draw: len(draw.non_mated)), fpir)


def _paired(singles: Sequence[Searches], passages: Sequence[Searches]) -> list[tuple[Searches, Searches]]:
    return list(zip(singles, passages, strict=True))


def _by_person(
    searches: Searches, threshold: float, people: NDArray[np.int64], passages: Searches
) -> NDArray[np.float64]:
    """(2, people): searches that found the person, and searches made; with images of `passages` only."""
    used = np.isin(searches.probes, passages.probes).all(axis=1)
    place = np.searchsorted(people, searches.people[used])
    found = (searches.mated[used] >= threshold).astype(np.float64)
    return np.stack([np.bincount(place, weights, len(people)) for weights in (found, np.ones(len(found)))])


def _rates(
    counted: NDArray[np.float64], draws: NDArray[np.float64], people: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(draws, 2, people) searches that found and that were made; (n, draws) and (n, people) weights; (n,) rates."""
    weighted = (draws @ counted.reshape(len(counted), -1)).reshape(len(draws), 2, -1)
    found, tried = np.einsum("nkp,np->kn", weighted, people)
    return np.asarray(found / np.maximum(tried, 1e-9))


def _resampled(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """(AT_ONCE, count): how often each is drawn, with replacement."""
    return rng.multinomial(count, np.full(count, 1 / count), size=AT_ONCE).astype(np.float64)
