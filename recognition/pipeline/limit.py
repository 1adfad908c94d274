"""What is one limit on the quality of a face? A bound on one measure, what the measure is worth, and the words."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from recognition.pipeline.types import Quality


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the table: a bound on one measure, how strict each use is, and how it is said."""

    code: str
    measure: str  # a field of Quality
    standard: str  # the quality measure of ISO/IEC 29794-5:2025 it is named after
    name: str
    digits: int
    unit: str  # written behind the number; one that begins with % shows shares as percentages
    at_least: bool  # else at most
    enrolment: float
    live: float
    # (measure, share of the mated comparisons of a good face that still succeed), ascending; flat beyond the ends.
    worths: tuple[tuple[float, float], ...]
    fault: str
    remedy: str

    def of(self, quality: Quality) -> float:
        return float(getattr(quality, self.measure))

    def met(self, measured: float, bound: float) -> bool:
        return measured >= bound if self.at_least else measured <= bound

    def worth(self, quality: Quality) -> float:
        """What the face is worth by this measure alone, 0 to 1: drawn straight between the points of the curve."""
        measured = self.of(quality)
        (_, share), *_ = self.worths
        for (low, before), (high, after) in pairwise(self.worths):
            share = before + (after - before) * min(1.0, max(0.0, (measured - low) / (high - low)))
            if measured < high:
                break
        return share

    @property
    def unit_in_words(self) -> str:
        """`, pixels`, or nothing."""
        words = self.unit.lstrip("%").strip()
        return f", {words}" if words else ""

    def measured(self, measured: float) -> str:
        """Rounded to the side of the fault: what fails never reads like what is required."""
        return self._written(measured, math.floor if self.at_least else math.ceil) + self.unit.lstrip("%")

    def required(self, bound: float) -> str:
        return f"{'at least' if self.at_least else 'at most'} {self._written(bound, round)}"

    def sentence(self, quality: Quality, bound: float) -> str:
        """What was measured, what is required, what would help."""
        asked = f"{self.required(bound)} {'is required' if self.at_least else 'is allowed'}"
        return f"{self.fault}: {self.name} {self.measured(self.of(quality))}, {asked}. {self.remedy}"

    def _written(self, number: float, whole: Callable[[float], float]) -> str:
        scale = 10**self.digits * (100 if self.unit.startswith("%") else 1)
        shown = whole(round(number * scale, 6)) / 10**self.digits  # rounded first: 0.29 x 100 is 28.999...
        return f"{shown:.{self.digits}f}{self.unit[: self.unit.startswith('%')]}"
