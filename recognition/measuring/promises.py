"""What does a calibration come to? Its promises for lists of some lengths, and how they held on other people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recognition.measuring.splits import FACTOR, Promise
from watchlist.calibration import ONE_IN, Calibration, Frames

LISTED = (1, 20, 100, 250)


@dataclass(frozen=True, slots=True)
class Row:
    """One length of list, with what the usual promise means for it."""

    listed: int
    one_in: int
    threshold: float
    share: float  # P(score >= threshold) of two different people, with its 90 % interval
    lower: float
    upper: float
    expected_one_in: float  # faces to a false alert, best estimate
    recognised: float  # share of listed people, single photograph
    recognised_passage: float


def promises(found: Calibration, *, one_in: int = ONE_IN) -> list[Row]:
    """For lists the calibration can speak for, the longest of them last."""
    largest = found.largest_list(one_in=one_in)
    return [_row(found, listed, one_in) for listed in (*(size for size in LISTED if size < largest), largest) if listed]


def _row(found: Calibration, listed: int, one_in: int) -> Row:
    threshold = found.threshold_for(templates=listed, one_in=one_in)
    share, lower, upper = found.comparison_share(threshold)
    return Row(
        listed=listed,
        one_in=one_in,
        threshold=threshold,
        share=share,
        lower=lower,
        upper=upper,
        expected_one_in=1 / found.false_alert_rate(threshold, templates=listed),
        recognised=found.recognised_share(threshold, frames=Frames.SINGLE),
        recognised_passage=found.recognised_share(threshold),
    )


def as_text(found: Calibration, held: Sequence[Promise]) -> Iterator[str]:
    """Lines for a terminal."""
    curve = found.non_mated
    yield f"{found.pack}, {found.date:%d %B %Y}: {found.source}"
    yield (
        f"{curve.people:,} people, {curve.comparisons:,} comparisons of two of them, measured up to "
        f"{curve.measured_to:.4f}; {found.mated[Frames.SINGLE].comparisons:,} comparisons of one person's images"
    )
    yield f"\nAt most one false alert in {ONE_IN:,} faces:"
    yield "listed  threshold  two people so alike (90 % interval)       false alerts  recognised: photograph  passage"
    for row in promises(found):
        yield (
            f"{row.listed:6,}  {row.threshold:9.4f}  {row.share:9.2e} ({row.lower:8.2e} to {row.upper:8.2e})  "
            f"1 in {row.expected_one_in:7,.0f}  {row.recognised:22.1%}  {row.recognised_passage:7.1%}"
        )
    looser = found.largest_list(one_in=100)
    yield f"It can speak for lists of up to {found.largest_list():,}; at one in 100 for {looser:,}."
    yield from _held(held)


def _held(held: Sequence[Promise]) -> Iterator[str]:
    if not held:
        yield "\nToo few people to calibrate on half of them and try the other half: nothing is known of other people."
        return
    yield (
        f"\nOn other people, {len(held[0].ratios)} times calibrated on a random half and tried on the other. Measured "
        "rate over the promised one:"
    )
    yield "listed  promised     mean    sd  within factor two  at most double  at most promised  half can speak for it"
    for row in held:
        yield (
            f"{row.listed:6,}  1 in {row.one_in:5,}  {row.mean:5.2f}  {row.sd:4.2f}  {row.within:17.0%}  "
            f"{row.at_most_double:14.0%}  {row.kept:16.0%}  {row.spoken_for / len(row.ratios):21.0%}"
        )


def as_dict(row: Promise) -> dict[str, float]:
    """One promise that was tried on other people, for JSON."""
    return {
        "listed": row.listed,
        "one_in": row.one_in,
        "splits": len(row.ratios),
        "factor": FACTOR,
        "within_factor": row.within,
        "at_most_factor": row.at_most_double,
        "at_most_promised": row.kept,
        "ratio_mean": row.mean,
        "ratio_sd": row.sd,
        "spoken_for": row.spoken_for / len(row.ratios),
    }
