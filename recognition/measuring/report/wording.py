"""How are figures said? Shares never without their base, and never a zero that only a small sample made."""

from math import floor
from pathlib import Path
from typing import Any

from watchlist.intervals import Share, at_most


def percent(value: float, places: int = 1) -> str:
    return f"{100 * value:.{places}f} %"


def rate(value: float) -> str:
    """A rate that was asked for, such as 0.1 %."""
    return f"{100 * value:g} %"


def one_in(share: float) -> str:
    return f"1 in {floor(1 / share):,}"


def shown(path: Path) -> str:
    """A name may hold what a terminal would obey, or bytes that are no text."""
    return "".join(character if character.isprintable() else "?" for character in str(path))


def share_said(share: Share) -> str:
    """Count, base, share and its 95 % interval; of a count of none what rate that leaves possible."""
    if not share.of:
        return "nothing to count"
    if not share.count:
        return f"none of {share.of:,}: fewer than {one_in(at_most(share.of))}"
    low, high = share.interval
    places = 2 if high < 0.02 else 1
    return (
        f"{share.count:,} of {share.of:,} ({percent(share.value, places)}; "
        f"95 % interval {100 * low:.{places}f} to {percent(high, places)})"
    )


def share_figures(share: Share) -> dict[str, Any]:
    """For the JSON: a share of none is null, with the reason."""
    low, high = share.interval
    figures: dict[str, Any] = {"count": share.count, "of": share.of, "share": None, "low": low, "high": high}
    if share.count:
        return figures | {"share": share.value}
    return figures | {"reason": share_said(share)}


def points(low: float, high: float) -> str:
    """An interval of a difference of shares."""
    return f"{100 * low:+.1f} to {100 * high:+.1f}"
