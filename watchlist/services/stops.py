"""What an officer did on the street, from engaging a person to parting."""

import datetime as dt
import math
from collections.abc import Sequence

from django.db import transaction

from watchlist.errors import InvalidInput, NotAllowed, Refused
from watchlist.events import publish
from watchlist.models import (
    NEEDS_IDENTITY,
    NEVER_ALONE,
    Alert,
    AlertState,
    Deployment,
    Ground,
    IdentityCheck,
    Outcome,
    Stop,
    StopState,
    User,
)
from watchlist.permissions import Permission, allowed, require
from watchlist.selectors.deployments import ENDED
from watchlist.selectors.stops import stop_gate
from watchlist.services import audit
from watchlist.services.validation import storable, validated
from watchlist.transitions import advance

MINUTES = range(24 * 60 + 1)


@transaction.atomic
def stop_start(
    *, actor: User, deployment: Deployment, grounds: Sequence[str], now: dt.datetime, alert: Alert | None = None
) -> Stop:
    """A stop on a confirmed alert, or without one, which is marked as such by having none."""
    require(actor, Permission.STOP_RECORD, deployment)
    _require_grounds(grounds, alert)
    # Not while somebody closes it, nor while a colleague starts the same stop.
    locked = Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
    stop_gate(locked, alert, now)
    if alert is not None and (alert.deployment_id != deployment.pk or alert.state != AlertState.CONFIRMED):
        raise Refused("not_confirmed", "Only a confirmed alert of this deployment is a ground for a stop.")
    if alert is not None and alert.seeded:
        raise Refused("seeded", "This alert is on a consenting member of staff: no stop rests on it.")
    if alert is not None and alert.stops.filter(state=StopState.STARTED).exists():
        raise Refused("stop_started", "A colleague has already started a stop on this alert.")
    if locked.stops.filter(officer=actor, state=StopState.STARTED).exists():
        raise Refused("stop_running", "You have started a stop that has not ended: end it first.")
    stop = Stop(deployment=locked, alert=alert, officer=actor, grounds=sorted(set(grounds)), started_at=now)
    validated(stop)
    stop.save(force_insert=True)
    publish(deployment.pk, "stop.changed", stop=str(stop.pk), state=stop.state)
    audit.record(
        "stop.started",
        actor=actor,
        deployment=deployment,
        facts={
            "stop": stop.pk,
            "alert": alert.pk if alert else None,
            "grounds": stop.grounds,
            "based_on_alert": alert is not None,
            "after_closing": locked.state in ENDED,
        },
    )
    return stop


@transaction.atomic
def stop_end(
    *,
    actor: User,
    stop: Stop,
    identity_check: IdentityCheck | str,
    outcome: Outcome | str,
    note: str,
    now: dt.datetime,
    minutes: int | None = None,
) -> Stop:
    """Ends a stop, by the officer who started it. `minutes` replaces the clock's where the clock was late."""
    _require_ending(actor, stop)
    if identity_check not in IdentityCheck.values:
        raise InvalidInput("identity_check", "Say how the person's identity was checked, or that it was not.")
    if outcome not in Outcome.values:
        raise InvalidInput("outcome", "Say how the stop ended.")
    if outcome in NEEDS_IDENTITY and identity_check == IdentityCheck.NONE:
        text = "An arrest or a penalty rests on more than an alert: check the person's identity first, and say how."
        raise InvalidInput("identity_first", text, {"identity_check": [text]})
    note = storable(note, field="note")
    if outcome == Outcome.OTHER and not note:
        raise InvalidInput("note", "Say in the note how the stop ended.", {"note": ["Say how the stop ended."]})
    if minutes is not None and minutes not in MINUTES:
        text = f"A stop lasts from {MINUTES[0]} to {MINUTES[-1]} minutes: correct the figure."
        raise InvalidInput("minutes", text, {"minutes": [text]})
    measured = max(1, math.ceil((now - stop.started_at).total_seconds() / 60))
    advance(
        stop,
        StopState.ENDED,
        ended_at=now,
        minutes=measured if minutes is None else minutes,
        identity_check=identity_check,
        outcome=outcome,
        note=note,
    )
    publish(stop.deployment_id, "stop.changed", stop=str(stop.pk), state=stop.state)
    audit.record(
        "stop.ended",
        actor=actor,
        deployment=stop.deployment,
        facts={
            "stop": stop.pk,
            "officer": stop.officer_id,
            "alert": stop.alert_id,
            "identity_check": stop.identity_check,
            "outcome": stop.outcome,
            "minutes": stop.minutes,
            "minutes_measured": measured,
        },
        detail={"note": stop.note} if stop.note else None,
    )
    return stop


def _require_ending(actor: User, stop: Stop) -> None:
    """A stop that was begun can always be ended: by its officer in whatever role, or for one who is officer no more."""
    if stop.officer_id == actor.pk and actor.is_active:
        return
    require(actor, Permission.STOP_RECORD, stop.deployment)
    if allowed(stop.officer, Permission.STOP_RECORD, stop.deployment):
        raise NotAllowed("not_your_stop", "The officer who started a stop ends it.")


def _require_grounds(grounds: Sequence[str], alert: Alert | None) -> None:
    unknown = set(grounds) - set(Ground.values)
    if unknown or not grounds:
        raise InvalidInput(
            "grounds", "Choose the grounds of the stop.", {"grounds": ["Choose the grounds of the stop."]}
        )
    if set(grounds) <= NEVER_ALONE:
        text = (
            "Covering one's face or avoiding the camera is lawful and no ground for a stop by itself: "
            "give the ground there was, or do not stop the person."
        )
        raise Refused("ground_not_enough", text)
    if (Ground.CONFIRMED_ALERT in grounds) != (alert is not None):
        text = "Give the confirmed alert as a ground exactly when the stop rests on one."
        raise InvalidInput("grounds_alert", text, {"grounds": [text]})
