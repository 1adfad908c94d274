"""How well does a stream go? Counts, and times from capture to result."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class End(StrEnum):
    """What became of a frame that was sent."""

    RESULT = "result"
    DROPPED = "dropped"
    REFUSED = "refused"
    GIVEN_UP = "given up"  # no answer in the time in which an answer is of use


@dataclass(slots=True)
class Figures:
    sent: int = 0
    ends: Counter[End] = field(default_factory=Counter)
    faces: int = 0  # boxes in results; one person in ten frames counts ten times
    result_ms: list[float] = field(default_factory=list)

    def ended(self, end: End, *, after_ms: float) -> None:
        self.ends[end] += 1
        if end == End.RESULT:
            self.result_ms.append(after_ms)

    def line(self, seconds: float) -> str:
        """`12.0 frames a second, capture to result 61 ms (p50) 88 ms (p95), 3 of 240 dropped`"""
        lost = self.ends[End.DROPPED] + self.ends[End.GIVEN_UP]
        refused = f", {self.ends[End.REFUSED]} refused" if self.ends[End.REFUSED] else ""
        return (
            f"{len(self.result_ms) / max(seconds, 1e-9):.1f} frames a second, capture to result "
            f"{_ms(percentile(self.result_ms, 0.5))} (p50) {_ms(percentile(self.result_ms, 0.95))} (p95), "
            f"{lost} of {self.sent} dropped{refused}"
        )


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of `values` does not exceed (nearest rank); None where there are none."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} ms"
