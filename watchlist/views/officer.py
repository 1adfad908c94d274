"""The officer's page: one confirmed alert at a time, and the stop that may follow from it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from watchlist.errors import Refused
from watchlist.forms import StopEndForm, StopStartForm
from watchlist.models import Alert, AlertState, Deployment
from watchlist.permissions import Permission, allowed, deployment_for
from watchlist.selectors.alerts import alerts_for
from watchlist.selectors.look_alikes import LookAlike, look_alikes
from watchlist.selectors.stops import current_stop, ended_stops, left_running, officers_deployment, stop_gate
from watchlist.views.page import SignedInRequest, page
from watchlist.views.viewing import viewed_once

MOST_STOPS = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """Which of the confirmed alerts is shown, and where the neighbours are; newest is number 1."""

    alert: Alert
    number: int
    count: int
    newer: Alert | None
    older: Alert | None
    look_alikes: list[LookAlike]


@page
def officer(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = officers_deployment(request.user, pk)
    return officer_page(request, deployment, request.GET.get("alert"), ending=request.GET.get("stop"))


@page
def confirmed(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How many confirmed alerts there are now, and which is the newest."""
    deployment = deployment_for(request.user, pk, Permission.STOP_RECORD)
    alerts = _confirmed(request, deployment)
    return render(request, "_confirmed.html", {"deployment": deployment, "newest": alerts[0] if alerts else None})


def officer_page(
    request: SignedInRequest,
    deployment: Deployment,
    asked: str | None = None,
    *,
    ending: str | None = None,
    start_form: StopStartForm | None = None,
    end_form: StopEndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with whichever form was sent and not taken; whoever is officer no more is shown their stop alone.

    `ending` names the stop that is to be ended, where it is a colleague's; else one's own is.
    """
    serving = allowed(request.user, Permission.STOP_RECORD, deployment)
    left = left_running(request.user, deployment) if serving else []
    asked_for = next((each for each in left if str(each.pk) == ending), None)
    stop = asked_for or current_stop(request.user, deployment)
    if end_form and (stop is None or str(stop.pk) != ending):  # what was written is about another stop
        messages.error(request, "This stop is not yours to end any more: what you wrote was not recorded.")
        end_form = None
    alerts = _confirmed(request, deployment) if serving else []
    turn = _turn([stop.alert] if serving and stop and stop.alert else [] if stop else alerts, asked)
    if turn is not None:
        viewed_once(request, what="alert", pk=turn.alert.pk, purpose="stop", deployment=deployment)
    on_alert = start_form is not None and asked is not None
    now = timezone.now()
    context = {
        "deployment": deployment,
        "serving": serving,
        "stop": stop,
        "left": left,
        "turn": turn,
        "newest": alerts[0] if alerts else None,
        "start_form": start_form if on_alert else StopStartForm(on_alert=True),
        "bare_form": start_form if start_form and not on_alert else StopStartForm(on_alert=False),
        "bare_sent": start_form is not None and not on_alert,
        "bare_refusal": _refusal(deployment, None, now),
        "alert_refusal": _refusal(deployment, turn.alert, now) if turn else "",
        "end_form": end_form or StopEndForm(),
        "stops": ended_stops(request.user, deployment)[:MOST_STOPS],
    }
    return render(request, "officer.html", context, status=status)


def _refusal(deployment: Deployment, alert: Alert | None, now: dt.datetime) -> str:
    """Why no stop may begin now; empty where one may."""
    try:
        stop_gate(deployment, alert, now)
    except Refused as error:
        return error.message
    return ""


def _confirmed(request: SignedInRequest, deployment: Deployment) -> list[Alert]:
    """Without those on staff, which somebody who is operator as well may see elsewhere."""
    confirmed = alerts_for(request.user, deployment, [AlertState.CONFIRMED]).filter(seeded=False)
    return list(confirmed.prefetch_related("stops__officer"))


def _turn(alerts: Sequence[Alert], asked: str | None) -> Turn | None:
    if not alerts:
        return None
    at = next((at for at, alert in enumerate(alerts) if str(alert.pk) == asked), 0)
    newer = alerts[at - 1] if at > 0 else None
    older = alerts[at + 1] if at + 1 < len(alerts) else None
    look_alike = look_alikes(alerts[at].subject_id, alerts[at].deployment_id)
    return Turn(alerts[at], at + 1, len(alerts), newer, older, look_alike)
