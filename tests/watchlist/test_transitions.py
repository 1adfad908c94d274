"""State × state for every model that has states: the printed table, and rows that obey it."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cast import PACK, Cast, make_alert, make_draft, make_live, make_pending, make_subject
from watchlist.errors import IllegalTransition, StaleState
from watchlist.models import (
    Alert,
    AlertState,
    Deployment,
    DeploymentState,
    Proposal,
    ProposalState,
    ReferenceImage,
    ReferenceState,
    Stop,
    StopState,
    Template,
    TemplateState,
)
from watchlist.services.promises import promise_propose
from watchlist.transitions import TRANSITIONS, advance

EXPECTED = """
referenceimage pending   -> enrolled rejected withdrawn
referenceimage enrolled  -> withdrawn
referenceimage rejected  ->
referenceimage withdrawn ->
template asked  -> made failed
template made   ->
template failed -> asked
deployment draft     -> approved closed
deployment approved  -> live closed
deployment live      -> paused closed
deployment paused    -> live closed
deployment closed    -> destroyed
deployment destroyed ->
alert open      -> seconded confirmed dismissed expired
alert seconded  -> confirmed dismissed expired
alert confirmed ->
alert dismissed ->
alert expired   ->
stop started -> ended
stop ended   ->
proposal open     -> agreed declined
proposal agreed   ->
proposal declined ->
"""

STATES = {
    ReferenceImage: ReferenceState,
    Template: TemplateState,
    Deployment: DeploymentState,
    Alert: AlertState,
    Stop: StopState,
    Proposal: ProposalState,
}
PAIRS = [(model, str(a), str(b)) for model, states in STATES.items() for a in states for b in states]

NOW = timezone.now()
NOTHING_HELD = {"image": None, "portrait": None}
ANSWER = ("answered_by", "answered_at")


def dress(model: type, state: str, cast: Cast) -> dict[str, Any]:
    """What a row must hold besides its state, by the database's own constraints."""
    if model is ReferenceImage:
        return NOTHING_HELD if state in ("rejected", "withdrawn") else {"image": b"x"}
    if model is Template:
        return {"vector": b"x" if state == "made" else None, "settled_at": None if state == "asked" else NOW}
    if model is Alert:
        return {"closed_at": None if state in ("open", "seconded") else NOW}
    if model is Stop:
        held = {"ended_at": NOW, "minutes": 1, "outcome": "no_action", "identity_check": "none"}
        return held if state == "ended" else {}
    if model is Proposal:
        return {"answered_by": cast.ada, "answered_at": NOW} if state != "open" else dict.fromkeys(ANSWER)
    authority = {} if state == "draft" else {"approved_by": cast.ada, "approved_at": NOW, "threshold": 0.9}
    return authority | {"closed_at": NOW if state in ("closed", "destroyed") else None}


@pytest.fixture
def rows(cast: Cast) -> dict[type, Any]:
    live, reference = make_live(cast), make_pending(cast, make_subject(cast))
    return {
        ReferenceImage: reference,
        Template: Template.objects.create(reference=reference, pack=PACK),
        Deployment: make_draft(cast),
        Alert: make_alert(live),
        Stop: Stop.objects.create(deployment=live, officer=cast.finn, grounds=["known"], started_at=NOW),
        Proposal: promise_propose(actor=cast.sam, deployment=live, one_in=500, reason="Too few are found."),
    }


def test_the_table_is_this_one() -> None:
    expected = {}
    for line in EXPECTED.strip().splitlines():
        before, _, after = line.partition("->")
        model, state = before.split()
        expected[model, state] = set(after.split())
    assert {
        (model._meta.model_name, state): set(steps)
        for model, table in TRANSITIONS.items()
        for state, steps in table.items()
    } == expected


def test_every_row_moves_as_the_table_says(rows: dict[type, Any], cast: Cast) -> None:
    allowed = set()
    for model, before, after in PAIRS:
        with transaction.atomic():
            model.objects.filter(pk=rows[model].pk).update(state=before, **dress(model, before, cast))
            row = model.objects.get(pk=rows[model].pk)
            try:
                advance(row, after, **dress(model, after, cast))
            except IllegalTransition:
                assert (row.state, model.objects.get(pk=row.pk).state) == (before, before)
            else:
                assert (row.state, model.objects.get(pk=row.pk).state) == (after, after)
                allowed.add((model._meta.model_name, before, after))
            transaction.set_rollback(True)
    assert allowed == {
        (model._meta.model_name, state, step)
        for model, table in TRANSITIONS.items()
        for state, steps in table.items()
        for step in steps
    }


def test_who_read_an_older_state_is_refused_and_changes_nothing(rows: dict[type, Any]) -> None:
    first, second = (Alert.objects.get(pk=rows[Alert].pk) for _ in range(2))
    advance(first, AlertState.DISMISSED, closed_at=NOW)
    with pytest.raises(StaleState):
        advance(second, AlertState.CONFIRMED, closed_at=NOW + dt.timedelta(seconds=1))
    assert second.state == AlertState.OPEN
    kept = Alert.objects.get(pk=first.pk)
    assert (kept.state, kept.closed_at) == (AlertState.DISMISSED, NOW)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Deployment, {"state": "live"}),  # without authority
        (Deployment, {"state": "closed"}),  # without the time of it
        (Deployment, {"state": "unheard_of"}),
        (Alert, {"state": "confirmed"}),  # without the time of it
        (Alert, {"state": "open", "closed_at": NOW}),
        (Stop, {"state": "ended"}),  # without outcome, check and minutes
        (Stop, {"grounds": ["covered_face", "avoided_camera"]}),
        (Stop, {"grounds": ["alert"]}),  # without the alert
        (Stop, {"outcome": "arrest", "identity_check": "none"}),
        (ReferenceImage, {"state": "enrolled", "image": None}),
        (ReferenceImage, {"state": "withdrawn", "image": b"still here"}),
        (Template, {"state": "made", "settled_at": NOW}),  # without the vector
        (Template, {"vector": b"x"}),  # of one that is still asked for
        (Template, {"state": "failed"}),  # without the time of it
        (Template, {"pack": ""}),
    ],
)
def test_the_database_itself_refuses_half_a_state(model: Any, values: dict[str, Any], rows: dict[type, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=rows[model].pk).update(**values)


def test_nobody_approves_what_they_applied_for_even_by_hand(rows: dict[type, Any], cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="deployment_two_people"), transaction.atomic():
        Deployment.objects.filter(pk=rows[Deployment].pk).update(approved_by=cast.sam, approved_at=NOW)
