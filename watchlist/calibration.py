"""What does a score mean? False alerts to expect, and the threshold that keeps a promise about them, for one pack.

Arithmetic on measured shares alone: where they come from is `recognition.measuring.calibrating`, where they are kept
`models.Calibration`.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

ONE_IN = 1000  # faces to a false alert: the usual upper limit of police policies, 0.1 %

# How far from the estimate to its upper limit, on the logarithm, the share lies that thresholds are chosen by: the 60th
# percentile of what other groups of people would give. docs/accuracy.md has what other choices gave on other people.
CAUTION = 0.15

STEP = 1e-4  # of thresholds: one step changes the share of strangers by 6 to 9 % (dlib-2, where thresholds lie)
NEVER = 1e-300  # a share of nought, so that it has a logarithm

# Share of mated comparisons that score no more than one spread below the median: one standard deviation, were they
# normal.
WITHIN = 0.84


class Frames(StrEnum):
    """What a passage consists of.

    SINGLE is one photograph, PASSAGE three that were taken on different occasions. False alerts are reckoned from
    SINGLE alone, the cautious reading: frames of one passage show a stranger in one light and pose, so averaging them
    removes little of a chance likeness.
    """

    SINGLE = "single"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares of comparisons that reach each threshold of the calibration's grid."""

    comparisons: int
    people: int
    measured_to: float  # highest threshold that at least ten comparisons reached: beyond it figures are extrapolated
    shares: tuple[float, ...]
    lower: tuple[float, ...]  # 5th and 95th percentile of `shares` over people drawn with replacement
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Score distributions of one pack on faces it was not tuned on. Scores are what `decide` holds against a threshold.

    Rates are per face seen (one passage before one camera), for a list of `templates`, none of them the passer's:
    1 - (1 - p) ** templates with p the share of non-mated comparisons (ISO/IEC 19795-1: FPIR from FMR, comparisons
    taken as independent). docs/accuracy.md has how far that held on other people.
    """

    pack: str
    source: str
    date: date  # when measured
    thresholds: tuple[float, ...]  # ascending grid
    non_mated: Curve  # of single photographs
    mated: dict[Frames, Curve]

    def false_alert_rate(self, threshold: float, *, templates: int) -> float:
        """Expected share of unlisted faces that raise a candidate; 1 below the grid, of which nothing is known."""
        share = 1.0 if threshold < self.thresholds[0] else self._at(threshold, self.non_mated.shares)
        return _of_list(share, templates)

    def false_alerts(self, threshold: float, *, templates: int, footfall: int) -> float:
        """Expected number of false candidates among `footfall` faces."""
        return footfall * self.false_alert_rate(threshold, templates=templates)

    def threshold_for(self, *, templates: int, one_in: float = ONE_IN) -> float:
        """The lowest threshold, in steps of 0.0001, that keeps false alerts at one in `one_in` faces or fewer.

        Chosen on shares moved by CAUTION towards their upper limit. ValueError where no threshold of the grid does.
        """
        allowed, curve = _per_template(one_in, max(templates, 1)), self.non_mated
        shares = [_cautious(share, upper) for share, upper in zip(curve.shares, curve.upper, strict=True)]
        over = next((i for i, share in enumerate(shares) if share <= allowed), None)
        if over is None:
            raise ValueError(f"No threshold of {self.pack} keeps 1 in {one_in:g} with {templates:,} templates listed.")
        if over == 0:
            return self.thresholds[0]
        (left, right), (high, low) = self.thresholds[over - 1 : over + 1], shares[over - 1 : over + 1]
        part = (math.log(high) - math.log(allowed)) / (math.log(high) - math.log(low))
        return _rounded_up(left + part * (right - left))

    @property
    def spread(self) -> float:
        """How far scores of one person lie apart: from the median of single photographs to what WITHIN of them reach.

        Not less than a step of thresholds, whatever was measured.
        """
        shares = self.mated[Frames.SINGLE].shares
        return max(self._reached(shares, 0.5) - self._reached(shares, WITHIN), STEP)

    def comparison_share(self, threshold: float) -> tuple[float, float, float]:
        """P(score >= threshold) of two different people, and the limits of its 90 % interval."""
        curve = self.non_mated
        share, lower, upper = (self._at(threshold, shares) for shares in (curve.shares, curve.lower, curve.upper))
        return share, lower, upper

    def recognised_share(self, threshold: float, *, frames: Frames = Frames.PASSAGE) -> float:
        """Share of listed people recognised per good passage, T: detected, frontal to half turned, not blurred.

        Of single photographs where the people calibrated on had too few each for passages.
        """
        return self._at(threshold, self.mated.get(frames, self.mated[Frames.SINGLE]).shares)

    def largest_list(self, *, one_in: float = ONE_IN) -> int:
        """Templates up to which `one_in` is kept by thresholds that were measured; beyond, figures are extrapolated."""
        curve = self.non_mated
        share = _cautious(self._at(curve.measured_to, curve.shares), self._at(curve.measured_to, curve.upper))
        return int(math.log1p(-1 / one_in) / math.log1p(-share))

    def measures(self, threshold: float) -> bool:
        """Whether comparisons enough reached this threshold: beyond, what is said of it is drawn out, not counted."""
        return threshold <= self.non_mated.measured_to

    def _reached(self, shares: Sequence[float], share: float) -> float:
        """The highest threshold that `share` of the comparisons reach, between two of the grid; its lowest if none."""
        under = next((i for i, reached in enumerate(shares) if reached < share), len(shares))
        if under in (0, len(shares)):
            return self.thresholds[max(under - 1, 0)]
        (left, right), (high, low) = self.thresholds[under - 1 : under + 1], shares[under - 1 : under + 1]
        return left + (right - left) * (high - share) / (high - low)

    def _at(self, threshold: float, shares: Sequence[float]) -> float:
        """Interpolated on the logarithm; outside the grid its nearest value."""
        right = bisect_right(self.thresholds, threshold)
        if right in (0, len(self.thresholds)):
            return shares[min(right, len(shares) - 1)]
        low, high = self.thresholds[right - 1 : right + 1]
        start, end = (math.log(max(share, NEVER)) for share in shares[right - 1 : right + 1])
        return math.exp(start + (end - start) * (threshold - low) / (high - low))


def to_json(calibration: Calibration) -> str:
    """One line per curve or field, so that a new measurement shows as a readable difference."""
    fields = asdict(calibration) | {"date": calibration.date.isoformat()}
    return json.dumps(fields, indent=1).replace(",\n    ", ", ").replace(",\n  ", ", ") + "\n"


def from_json(text: str) -> Calibration:
    """What `to_json` wrote."""
    fields = json.loads(text)
    return Calibration(
        pack=fields["pack"],
        source=fields["source"],
        date=date.fromisoformat(fields["date"]),
        thresholds=tuple(fields["thresholds"]),
        non_mated=_curve(fields["non_mated"]),
        mated={Frames(name): _curve(curve) for name, curve in fields["mated"].items()},
    )


def _curve(fields: dict[str, Any]) -> Curve:
    return Curve(**fields | {name: tuple(fields[name]) for name in ("shares", "lower", "upper")})


def _of_list(share: float, templates: int) -> float:
    return -math.expm1(templates * math.log1p(-min(share, 1 - 1e-12)))


def _per_template(one_in: float, templates: int) -> float:
    """The share of comparisons at which a list of this length reaches the rate: `_of_list` turned round."""
    return -math.expm1(math.log1p(-1 / one_in) / templates)


def _cautious(share: float, upper: float) -> float:
    share = max(share, NEVER)
    return share * (max(upper, share) / share) ** CAUTION


def _rounded_up(threshold: float) -> float:
    return round(math.ceil(threshold / STEP - 1e-9) * STEP, 4)
