"""Getting an object is the permission check: who finds what, and who learns nothing of it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast, camera_of, make_alert, make_live
from watchlist.errors import NotAllowed, NotFound, WatchlistError
from watchlist.models import AlertState, Stop
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.alerts import alert_for, alerts_for
from watchlist.selectors.deployments import camera_for, deployments_of
from watchlist.selectors.stops import stop_for
from watchlist.services.decisions import alert_decide
from watchlist.services.users import appointment_remove

FINDERS: dict[str, Callable[[Any, Any], Any]] = {
    "deployment": lambda user, pk: deployment_for(user, pk, Permission.DEPLOYMENT_VIEW),
    "camera": lambda user, pk: camera_for(user, pk, Permission.DEPLOYMENT_VIEW),
    "alert": lambda user, pk: alert_for(user, pk),
    "stop": lambda user, pk: stop_for(user, pk),
}


@pytest.fixture
def objects(cast: Cast) -> dict[str, Any]:
    live = make_live(cast)
    return {
        "deployment": live,
        "camera": camera_of(live),
        "alert": make_alert(live),
        "stop": Stop.objects.create(deployment=live, officer=cast.finn, grounds=["known"], started_at=timezone.now()),
    }


@pytest.mark.parametrize("kind", FINDERS)
def test_a_stranger_cannot_tell_what_is_there_from_what_is_not(kind: str, cast: Cast, objects: dict[str, Any]) -> None:
    def answer(pk: Any) -> tuple[type, str, str]:
        with pytest.raises(WatchlistError) as caught:
            FINDERS[kind](cast.nell, pk)
        return type(caught.value), caught.value.code, caught.value.message

    there = answer(objects[kind].pk)
    assert there[0] is NotFound
    assert answer(uuid.uuid4()) == there
    assert answer("not-an-id") == there


FOUND = {
    "deployment": "ada sam olga omar finn audrey adam",
    "camera": "ada sam olga omar finn audrey adam",
    "alert": "olga omar audrey",
    "stop": "finn audrey",
}


@pytest.mark.parametrize("kind", FINDERS)
def test_everybody_finds_what_their_role_shows_them(kind: str, cast: Cast, objects: dict[str, Any]) -> None:
    found = set()
    for name in ("ada", "sam", "olga", "omar", "finn", "audrey", "adam", "nell"):
        try:
            FINDERS[kind](getattr(cast, name), objects[kind].pk)
        except (NotFound, NotAllowed):
            continue
        found.add(name)
    assert found == set(FOUND[kind].split())


@pytest.mark.parametrize("state", AlertState.values)
def test_an_officer_sees_confirmed_alerts_and_no_trace_of_others(
    state: str, cast: Cast, objects: dict[str, Any]
) -> None:
    alert = objects["alert"]
    closed_at = None if state in ("open", "seconded") else timezone.now()
    type(alert).objects.filter(pk=alert.pk).update(state=state, closed_at=closed_at)
    seen = list(alerts_for(cast.finn, alert.deployment, states=list(AlertState)))
    assert seen == ([alert] if state == "confirmed" else [])
    if state == "confirmed":
        assert alert_for(cast.finn, alert.pk) == alert
        return
    messages = set()
    for pk in (alert.pk, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            alert_for(cast.finn, pk)
        messages.add((caught.value.code, caught.value.message))
    assert len(messages) == 1


def test_an_appointment_that_ends_ends_what_is_found(cast: Cast, objects: dict[str, Any]) -> None:
    assert list(deployments_of(cast.olga)) == [objects["deployment"]]
    appointment_remove(actor=cast.adam, appointment=cast.olga.appointments.get())
    assert list(deployments_of(cast.olga)) == []
    with pytest.raises(NotFound):
        alert_for(cast.olga, objects["alert"].pk)


def test_a_role_elsewhere_shows_nothing_here(cast: Cast, objects: dict[str, Any]) -> None:
    here = objects["deployment"]
    here.memberships.filter(user=cast.finn).delete()
    elsewhere = make_live(cast)
    alert_decide(actor=cast.olga, alert=objects["alert"], answer="same", reason="The scar.", now=timezone.now())
    with pytest.raises(NotFound):
        alert_for(cast.finn, objects["alert"].pk)
    assert list(deployments_of(cast.finn)) == [elsewhere]
