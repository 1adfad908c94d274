"""What can be told from a count? Shares with their intervals, differences of shares, and how large a sample must be.

Intervals are of 95 %: Wilson's score interval for a share, Newcombe's tenth method (Statistics in Medicine 17, 1998,
873-890), which is built from two of them, for a difference between independent shares.
"""

from dataclasses import dataclass
from math import ceil, sqrt

from scipy.stats import binomtest, norm

CONFIDENCE = 0.95
SIGNIFICANCE = 0.05  # two-sided
POWER = 0.80


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of` trials that do not hang together."""

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"{self.count} of {self.of} is no share.")

    @property
    def value(self) -> float:
        """ValueError where nothing was tried."""
        if not self.of:
            raise ValueError("A share of nothing has no value.")
        return self.count / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's; (0, 1) where nothing was tried."""
        if not self.of:
            return 0.0, 1.0
        found = binomtest(self.count, self.of).proportion_ci(CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True, slots=True)
class Difference:
    """The first share less the second."""

    value: float
    low: float
    high: float

    @property
    def excludes_none(self) -> bool:
        """Whether shares that are the same are outside the interval."""
        return self.low > 0 or self.high < 0


def difference(first: Share, second: Share) -> Difference:
    """Between two independent shares; ValueError where one of them is of nothing."""
    (first_low, first_high), (second_low, second_high) = first.interval, second.interval
    between = first.value - second.value
    down = sqrt((first.value - first_low) ** 2 + (second_high - second.value) ** 2)
    up = sqrt((first_high - first.value) ** 2 + (second.value - second_low) ** 2)
    return Difference(between, between - down, between + up)


def at_most(of: int) -> float:
    """The rate below which, with 95 % confidence, something lies that was seen in none of `of` trials.

    Exact, one-sided; about 3 / `of`, the rule of three.
    """
    return 1.0 if not of else float(1 - (1 - CONFIDENCE) ** (1 / of))


def sample_for(first: float, second: float) -> int:
    """Trials that each of two groups needs for a test to tell rates of `first` and `second` apart: in 80 % of the
    times in which they are so, at a two-sided 5 %. Fleiss, Levin and Paik, Statistical Methods for Rates and
    Proportions (2003), equation 4.14, without correction for continuity.
    """
    if first == second:
        raise ValueError("No sample tells equal rates apart.")
    both = (first + second) / 2
    reach = float(norm.ppf(1 - SIGNIFICANCE / 2)) * sqrt(2 * both * (1 - both))
    miss = float(norm.ppf(POWER)) * sqrt(first * (1 - first) + second * (1 - second))
    return ceil(((reach + miss) / (first - second)) ** 2)
