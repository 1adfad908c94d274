"""Are error rates the same for all groups of people? Counts by group in, rows that say what can be told out.

Groups are what people declared or an officer recorded; nothing here or elsewhere infers them. A comparison speaks only
where its sample could have shown a gap that matters: fewer trials would call any system fair.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from watchlist.intervals import Difference, Share, at_most, difference, sample_for

POINTS = 0.10

Worse = Callable[[float], float]  # from the rate of everybody to the rate that must not go unseen in a group


class Told(StrEnum):
    """What two groups' counts can say."""

    NOT_ENOUGH = "not enough data to tell"
    DIFFERENT = "different"
    NO_GAP_SEEN = "no difference seen"


@dataclass(frozen=True, slots=True)
class Gap:
    """Two groups side by side."""

    first: str
    second: str
    difference: Difference | None  # None: one of them was not tried at all
    told: Told


@dataclass(frozen=True, slots=True)
class Comparison:
    """One rate, by group."""

    shares: Mapping[str, Share]
    needed: int  # trials in each of two groups before they are compared
    gap: float  # that so many trials could show, as a difference of rates
    gaps: tuple[Gap, ...]


def ten_points(rate: float) -> float:
    """For a rate that should be high: ten percentage points away, towards the middle, where a gap is hardest to see."""
    return rate - POINTS if rate >= 0.5 else rate + POINTS


def twice(rate: float) -> float:
    """For a rate of false alerts, where ten points would be a catastrophe: double."""
    return min(2 * rate, 1.0) if rate < 1 else 0.5


def compare(shares: Mapping[str, Share], *, worse: Worse) -> Comparison:
    """Every two groups against each other. The sample needed is computed from the rate of all of them together; where
    nothing was seen in anybody, from the highest rate that this still allows."""
    everybody = Share(sum(share.count for share in shares.values()), sum(share.of for share in shares.values()))
    rate = everybody.count / everybody.of if everybody.count else at_most(everybody.of)
    needed, gap = sample_for(rate, worse(rate)), abs(worse(rate) - rate)
    gaps = tuple(_gap(*pair, shares, needed) for pair in combinations(sorted(shares), 2))
    return Comparison(shares, needed, gap, gaps)


def _gap(first: str, second: str, shares: Mapping[str, Share], needed: int) -> Gap:
    one, other = shares[first], shares[second]
    if not one.of or not other.of:
        return Gap(first, second, None, Told.NOT_ENOUGH)
    between = difference(one, other)
    if min(one.of, other.of) < needed:
        told = Told.NOT_ENOUGH
    else:
        told = Told.DIFFERENT if between.excludes_none else Told.NO_GAP_SEEN
    return Gap(first, second, between, told)
