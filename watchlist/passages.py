"""Was a member of staff recognised as they passed? From what people noted and what was seen, passage by passage.

A passage is somebody's note that a consenting member of staff walks past a camera. Its window begins `LEAD` before the
note, since recognition can be quicker than the hand, and ends `LENGTH` after that beginning; it never reaches into the
window of the passage before, so that one sighting counts for one passage at most. The share recognised is the
true-positive identification rate (TPIR, ISO/IEC 19795-1) of this deployment, at its threshold, list, cameras and light.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from watchlist.intervals import Share

LENGTH = dt.timedelta(seconds=60)
LEAD = dt.timedelta(seconds=15)
LATE = dt.timedelta(seconds=15)  # from a frame to its alert, at the very worst
WITHIN = 0.05  # five points to either side: what a rate needs to be worth quoting
NO_RATE_YET = 0.5  # of which an interval is widest


class Outcome(StrEnum):
    STRUCK = "struck"  # a person took it back
    RUNNING = "running"  # its window is open, or an alert that began in it could still wait
    CUT_SHORT = "cut_short"  # the deployment closed within its window
    RECOGNISED = "recognised"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Window:
    """From and including `starts_at`, up to `ends_at`."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def holds(self, moment: dt.datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Noted:
    """A passage, as people noted it."""

    camera: UUID
    subject: UUID
    window: Window
    struck: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A verified candidate of a member of staff."""

    camera: UUID
    subject: UUID
    at: dt.datetime
    raised: bool  # an alert of its own, which no longer waits, instead of being counted on an earlier one
    mistaken: bool  # that alert was answered "different person": somebody else was seen


def window_for(now: dt.datetime, before: Window | None) -> Window:
    """Of a passage noted `now` whose predecessor, of the same person at the same camera, has ended by then.

    ValueError where it has not: the same walk would be counted twice.
    """
    starts = now - LEAD
    if before is not None:
        if before.ends_at > now:
            raise ValueError("This passage has been noted already.")
        starts = max(starts, before.ends_at)
    return Window(starts, now - LEAD + LENGTH)


def outcome_of(
    noted: Noted, seen: Collection[Seen], *, told_after: dt.timedelta, now: dt.datetime, closed_at: dt.datetime | None
) -> Outcome:
    """`told_after` the end of the window (`told_after` below), or once the deployment is closed."""
    if noted.struck:
        return Outcome.STRUCK
    if closed_at is not None and noted.window.ends_at > closed_at:
        return Outcome.CUT_SHORT
    if closed_at is None and now < noted.window.ends_at + told_after:
        return Outcome.RUNNING
    recognised = any(not each.mistaken and _within(each, noted) for each in seen)
    return Outcome.RECOGNISED if recognised else Outcome.MISSED


def told_after(alert_seconds: int) -> dt.timedelta:
    """How long after its window the outcome of each passage is told, whatever it is: as long as an alert can wait. Told
    sooner, or sooner for some, it would tell the operator on whom the alert is that waits for an answer."""
    return dt.timedelta(seconds=alert_seconds) + LATE


def unnoted(noted: Collection[Noted], seen: Collection[Seen]) -> int:
    """Alerts on staff whom nobody noted as passing: they count for nothing in the rate."""
    standing = [each for each in noted if not each.struck]
    return sum(
        each.raised and not each.mistaken and not any(_within(each, passage) for passage in standing) for each in seen
    )


def more_for(share: Share, within: float = WITHIN) -> int:
    """Passages still to be noted before Wilson's interval reaches at most `within` to either side of its middle, should
    the rate stay what it is; where nothing was noted yet, whatever the rate will be."""
    rate = share.value if share.of else NO_RATE_YET
    low, high = share.of, 1
    while _half(rate, max(high, low)) > within:
        high = 2 * max(high, low)
    high = max(high, low)
    while low < high:
        middle = (low + high) // 2
        if _half(rate, middle) > within:
            low = middle + 1
        else:
            high = middle
    return high - share.of


def _half(rate: float, of: int) -> float:
    low, high = Share(round(rate * of), of).interval
    return (high - low) / 2


def _within(seen: Seen, noted: Noted) -> bool:
    return (seen.camera, seen.subject) == (noted.camera, noted.subject) and noted.window.holds(seen.at)
