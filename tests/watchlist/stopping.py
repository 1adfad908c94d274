"""Stops as officers record them on the street."""

from typing import Any

from django.utils import timezone

from tests.cast import Cast, make_user
from watchlist.models import (
    Alert,
    Deployment,
    Role,
    Stop,
    User,
)
from watchlist.services.decisions import alert_decide
from watchlist.services.staffing import member_add
from watchlist.services.stops import stop_end, stop_start
from watchlist.services.users import appointment_add


def second_officer(cast: Cast, live: Deployment) -> User:
    user = make_user("fiona")
    appointment_add(actor=cast.adam, user=user, role=Role.OFFICER)
    member_add(actor=cast.sam, deployment=live, user=user, role=Role.OFFICER)
    return user


def confirm(cast: Cast, alert: Alert) -> Alert:
    alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The scar.", now=timezone.now())
    return Alert.objects.get(pk=alert.pk)


def start(officer: User, live: Deployment, *grounds: str, alert: Alert | None = None, **changes: Any) -> Stop:
    return stop_start(
        **{"actor": officer, "deployment": live, "grounds": list(grounds), "alert": alert, "now": timezone.now()}
        | changes
    )


def end(officer: User, stop: Stop, **changes: Any) -> Stop:
    defaults = {"identity_check": "document", "outcome": "no_action", "note": "", "now": timezone.now()}
    return stop_end(**{"actor": officer, "stop": Stop.objects.get(pk=stop.pk)} | defaults | changes)
