"""Reading stops, and whether one may begin now."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from watchlist.errors import NotFound, Refused
from watchlist.models import Alert, Deployment, DeploymentState, Stop, StopState, User
from watchlist.permissions import Permission, deployment_for, require

RECORDED_IN = (DeploymentState.LIVE, DeploymentState.PAUSED)
AFTER_CLOSING = dt.timedelta(hours=1)  # an alert confirmed in the last minute is acted on after the window


def stop_gate(deployment: Deployment, alert: Alert | None, now: dt.datetime) -> None:
    """Raises Refused unless a stop that begins now, on this alert or on none, is one of this deployment's."""
    if deployment.state in RECORDED_IN:
        return
    if deployment.closed_at is None:
        raise Refused("not_live", "Stops are recorded while a deployment is live or paused; this one is not.")
    until = (deployment.closed_at + AFTER_CLOSING).astimezone(deployment.zone)
    if now >= until:
        raise Refused(
            "closed", f"This deployment is closed: stops could be recorded until {until:%H:%M on %d %B (%Z)}."
        )
    if alert is None:
        text = f"This deployment is closed: until {until:%H:%M (%Z)}, stops on alerts confirmed here can be recorded."
        raise Refused("closed", text)


def stops_for(user: User, deployment: Deployment) -> QuerySet[Stop]:
    """This deployment's stops, newest first. Raises NotAllowed."""
    require(user, Permission.STOP_VIEW, deployment)
    return (
        Stop.objects.filter(deployment=deployment).select_related("alert__subject", "officer").order_by("-started_at")
    )


def stop_for(user: User, pk: UUID | str, permission: Permission = Permission.STOP_VIEW) -> Stop:
    """One stop, if this person has `permission` at its deployment. Raises NotFound or NotAllowed."""
    try:
        stop = Stop.objects.select_related("deployment", "alert__subject").get(pk=pk)
        deployment_for(user, stop.deployment_id, permission)
    except (Stop.DoesNotExist, ValidationError, NotFound):
        raise NotFound("no_stop", "There is no such stop, or you have no role at its deployment.") from None
    return stop


def current_stop(user: User, deployment: Deployment) -> Stop | None:
    """The stop this officer has started and not ended."""
    return stops_for(user, deployment).filter(officer=user, state=StopState.STARTED).first()
