"""When a passage of consenting staff counts as recognised: the rule, on any course of events."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.intervals import Share
from watchlist.passages import (
    LEAD,
    LENGTH,
    Noted,
    Outcome,
    Seen,
    Window,
    more_for,
    outcome_of,
    told_after,
    unnoted,
    window_for,
)

START = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
CAMERAS, PEOPLE = (uuid4(), uuid4()), (uuid4(), uuid4())
SECOND = dt.timedelta(seconds=1)


def at(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def passage(seconds: float = 0, **changes: object) -> Noted:
    fields = {"camera": CAMERAS[0], "subject": PEOPLE[0], "window": window_for(at(seconds), None), "struck": False}
    return Noted(**fields | changes)  # type: ignore[arg-type]


def sighting(seconds: float, **changes: object) -> Seen:
    fields = {"camera": CAMERAS[0], "subject": PEOPLE[0], "at": at(seconds), "raised": True, "mistaken": False}
    return Seen(**fields | changes)  # type: ignore[arg-type]


def outcome(noted: Noted, *seen: Seen, now: float = 1000, closed: float | None = None) -> Outcome:
    closed_at = None if closed is None else at(closed)
    return outcome_of(noted, seen, told_after=told_after(60), now=at(now), closed_at=closed_at)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-15.001, "missed"), (-15, "recognised"), (0, "recognised"), (44.999, "recognised"), (45, "missed")],
)
def test_a_sighting_counts_from_fifteen_seconds_before_the_note_to_forty_five_after(
    seconds: float, expected: str
) -> None:
    assert outcome(passage(), sighting(seconds)) == expected


@pytest.mark.parametrize(
    "changes",
    [{"camera": CAMERAS[1]}, {"subject": PEOPLE[1]}, {"mistaken": True}],
    ids=lambda changes: next(iter(changes)),
)
def test_another_camera_another_person_and_a_passer_by_count_for_nothing(changes: dict[str, object]) -> None:
    assert outcome(passage(), sighting(1, **changes)) == Outcome.MISSED


def test_one_counted_on_an_earlier_alert_counts_all_the_same() -> None:
    assert outcome(passage(), sighting(1, raised=False)) == Outcome.RECOGNISED


def test_nothing_is_told_while_it_could_change_or_would_tell_the_operator() -> None:
    """45 s of window, 60 s in which its last alert can wait, 15 s of delay: recognised or not, all wait alike."""
    for seen, told in (((sighting(1),), Outcome.RECOGNISED), ((), Outcome.MISSED)):
        assert outcome(passage(), *seen, now=119.999) == Outcome.RUNNING
        assert outcome(passage(), *seen, now=120) == told


def test_one_cut_short_is_no_failure_and_no_success() -> None:
    assert outcome(passage(), sighting(1), closed=44) == Outcome.CUT_SHORT
    assert outcome(passage(), sighting(1), closed=45) == Outcome.RECOGNISED
    assert outcome(passage(struck=True), sighting(1), closed=44) == Outcome.STRUCK


def test_the_same_walk_is_noted_once_and_the_next_window_begins_where_it_ended() -> None:
    first = window_for(at(0), None)
    with pytest.raises(ValueError, match="already"):
        window_for(first.ends_at - SECOND, first)
    second = window_for(first.ends_at, first)

    assert first == Window(at(0) - LEAD, at(0) - LEAD + LENGTH)
    assert second.starts_at == first.ends_at
    assert second.ends_at == first.ends_at - LEAD + LENGTH
    assert window_for(at(1000), first).ends_at - window_for(at(1000), first).starts_at == LENGTH


who = st.sampled_from(PEOPLE)
where = st.sampled_from(CAMERAS)
when = st.floats(0, 600)


@given(
    notes=st.lists(st.tuples(when, where, who), max_size=12),
    sightings=st.lists(st.tuples(when, where, who), max_size=12),
)
def test_every_sighting_counts_for_one_passage_or_none(
    notes: list[tuple[float, UUID, UUID]], sightings: list[tuple[float, UUID, UUID]]
) -> None:
    """Whatever is pressed when: windows of one person at one camera never meet, so that recognised passages are at
    most as many as sightings, and each alert is in one passage or among those that nobody noted."""
    last: dict[tuple[UUID, UUID], Window] = {}
    noted: list[Noted] = []
    for seconds, camera, subject in sorted(notes, key=lambda each: each[0]):
        try:
            window = window_for(at(seconds), last.get((camera, subject)))
        except ValueError:
            continue
        assert window.starts_at <= at(seconds) < window.ends_at
        last[camera, subject] = window
        noted.append(Noted(camera, subject, window, struck=False))
    seen = [Seen(camera, subject, at(seconds), True, False) for seconds, camera, subject in sightings]

    holders = [
        [n for n in noted if (n.camera, n.subject) == (s.camera, s.subject) and n.window.holds(s.at)] for s in seen
    ]
    outcomes = [outcome_of(each, seen, told_after=LEAD, now=at(10_000), closed_at=None) for each in noted]

    assert all(len(found) <= 1 for found in holders)
    assert outcomes.count(Outcome.RECOGNISED) == len({id(found[0]) for found in holders if found})
    assert outcomes.count(Outcome.RECOGNISED) + outcomes.count(Outcome.MISSED) == len(noted)
    assert unnoted(noted, seen) == sum(not found for found in holders)


@pytest.mark.parametrize(
    ("seen", "noted", "expected"),
    [
        ([sighting(100)], [passage()], 1),
        ([sighting(1)], [passage()], 0),
        ([sighting(1)], [passage(struck=True)], 1),
        ([sighting(100, raised=False)], [], 0),
        ([sighting(100, mistaken=True)], [], 0),
    ],
    ids=["outside", "inside", "struck", "no alert", "somebody else"],
)
def test_alerts_on_staff_whom_nobody_noted_are_counted_apart(
    seen: list[Seen], noted: list[Noted], expected: int
) -> None:
    assert unnoted(noted, seen) == expected


@pytest.mark.parametrize("share", [Share(0, 0), Share(53, 60), Share(10, 10), Share(0, 5), Share(1, 2)])
def test_so_many_more_are_needed_and_no_fewer(share: Share) -> None:
    """At the rate there is: what it asks for gives five points to either side, and one passage less does not."""
    total = share.of + more_for(share)
    rate = share.value if share.of else 0.5

    def half(of: int) -> float:
        low, high = Share(round(rate * of), of).interval
        return (high - low) / 2

    assert half(total) <= 0.05 < half(total - 1)


def test_enough_is_enough() -> None:
    assert more_for(Share(900, 1000)) == 0


def test_the_interval_is_the_one_that_samples_were_planned_with() -> None:
    low, high = Share(53, 60).interval
    assert (round(low, 2), round(high, 2)) == (0.78, 0.94)
