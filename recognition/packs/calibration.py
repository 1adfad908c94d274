"""What does a score mean? False alerts to expect, and the threshold that keeps a promise about them, for one pack."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import numpy as np

PROMISED_RATE = 1 / 1000  # false alerts per face seen: the usual upper limit of police policies


class Frames(StrEnum):
    """What a passage consists of.

    SINGLE is the cautious reading and the default: frames of one passage show a stranger in one light and pose, so
    averaging them removes little of a chance likeness. PASSAGE is three pictures taken on different occasions.
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
    upper: tuple[float, ...]  # 90th percentile of `shares` over people drawn with replacement


@dataclass(frozen=True, slots=True)
class Calibration:
    """Score distributions of one pack on faces it was not tuned on. Scores are what `decide` holds against a threshold.

    Rates are per face seen (one passage before one camera), for a list of `gallery_size` templates, none of them the
    passer's: 1 - (1 - p) ** gallery_size with p the share of non-mated comparisons. On other people of the same source
    this prediction held without bias; docs/accuracy.md has the check.
    """

    pack: str
    source: str
    date: str  # ISO, when measured
    thresholds: tuple[float, ...]  # ascending grid
    non_mated: dict[Frames, Curve]
    mated: dict[Frames, Curve]

    def false_alert_rate(
        self, threshold: float, *, gallery_size: int, frames: Frames = Frames.SINGLE, cautious: bool = False
    ) -> float:
        """Expected share of unlisted faces that raise a candidate; with `cautious` the upper limit of the estimate."""
        curve = self.non_mated[frames]
        share = (
            1.0 if threshold < self.thresholds[0] else self._at(threshold, curve.upper if cautious else curve.shares)
        )
        return float(-np.expm1(gallery_size * np.log1p(-min(share, 1 - 1e-12))))

    def expected_false_alerts(
        self, threshold: float, *, gallery_size: int, footfall: int, frames: Frames = Frames.SINGLE
    ) -> float:
        """Expected number of false candidates among `footfall` faces."""
        return footfall * self.false_alert_rate(threshold, gallery_size=gallery_size, frames=frames)

    def threshold_for(self, *, gallery_size: int, rate: float = PROMISED_RATE, frames: Frames = Frames.SINGLE) -> float:
        """The lowest threshold of the grid whose cautious false alert rate is at most `rate`.

        ValueError where no threshold keeps the promise: the list is too long for the pack.
        """
        for threshold in self.thresholds:
            if self.false_alert_rate(threshold, gallery_size=gallery_size, frames=frames, cautious=True) <= rate:
                return threshold
        raise ValueError(f"No threshold of {self.pack} keeps {rate:g} with {gallery_size:,} templates listed.")

    def recognised_share(self, threshold: float, *, frames: Frames = Frames.PASSAGE) -> float:
        """Share of listed people recognised per good passage, T: detected, frontal to half turned, not blurred."""
        return self._at(threshold, self.mated[frames].shares)

    def largest_list(self, *, rate: float = PROMISED_RATE, frames: Frames = Frames.SINGLE) -> int:
        """Templates up to which `rate` is kept by thresholds that were measured; beyond, figures are extrapolated."""
        curve = self.non_mated[frames]
        share = self._at(curve.measured_to, curve.upper)
        return int(np.log1p(-rate) / np.log1p(-share))

    def _at(self, threshold: float, shares: tuple[float, ...]) -> float:
        """Interpolated on the logarithm; outside the grid its nearest value."""
        logs = np.log(np.maximum(shares, 1e-300))
        return float(np.exp(np.interp(threshold, self.thresholds, logs)))


def to_json(calibration: Calibration) -> str:
    """One line per curve or field, so that a new measurement shows as a readable difference."""
    return json.dumps(asdict(calibration), indent=1).replace(",\n    ", ", ").replace(",\n  ", ", ") + "\n"


def from_json(text: str) -> Calibration:
    """What `to_json` wrote."""
    fields = json.loads(text)
    return Calibration(
        pack=fields["pack"],
        source=fields["source"],
        date=fields["date"],
        thresholds=tuple(fields["thresholds"]),
        non_mated={Frames(name): _curve(curve) for name, curve in fields["non_mated"].items()},
        mated={Frames(name): _curve(curve) for name, curve in fields["mated"].items()},
    )


def _curve(fields: dict) -> Curve:
    return Curve(**{**fields, "shares": tuple(fields["shares"]), "upper": tuple(fields["upper"])})


@cache
def shipped(pack: str) -> Calibration:
    """The calibration that comes with a pack ("name-version"); LookupError where it has none."""
    data = files(__package__) / f"{pack}.calibration.json"
    if not data.is_file():
        raise LookupError(f"The pack {pack} has no calibration; measure one before setting a threshold with it.")
    return from_json(data.read_text(encoding="utf-8"))
