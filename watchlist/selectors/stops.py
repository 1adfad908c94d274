"""Reading stops, and whether one may begin now."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from watchlist.errors import NotFound, Refused
from watchlist.models import Alert, Deployment, DeploymentState, Stop, StopState, User
from watchlist.permissions import Permission, allowed, deployment_for, require

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
        stop = _with_deployment().get(pk=pk)
        deployment_for(user, stop.deployment_id, permission)
    except (Stop.DoesNotExist, ValidationError, NotFound):
        raise NotFound("no_stop", "There is no such stop, or you have no role at its deployment.") from None
    return stop


def stop_to_end(user: User, pk: UUID | str) -> Stop:
    """One stop, for its officer whatever became of their role, or another officer there. Raises as `stop_for`."""
    try:
        return _with_deployment().get(pk=pk, officer=user)
    except (Stop.DoesNotExist, ValidationError):
        return stop_for(user, pk, Permission.STOP_RECORD)


def officers_deployment(user: User, pk: UUID) -> Deployment:
    """For whoever records stops there, or started one there that runs. Raises NotFound or NotAllowed."""
    own = _with_deployment().filter(deployment=pk, officer=user, state=StopState.STARTED).first()
    return own.deployment if own else deployment_for(user, pk, Permission.STOP_RECORD)


def current_stop(user: User, deployment: Deployment) -> Stop | None:
    """The stop this officer has started and not ended."""
    return _with_deployment().filter(deployment=deployment, officer=user, state=StopState.STARTED).first()


def running_stops(user: User) -> QuerySet[Stop]:
    """What this person has begun and not ended, wherever it was and whatever became of their role there."""
    return _with_deployment().filter(officer=user, state=StopState.STARTED).order_by("started_at")


def stop_runs(deployment: Deployment) -> bool:
    return deployment.stops.filter(state=StopState.STARTED).exists()


def ended_stops(user: User, deployment: Deployment) -> QuerySet[Stop]:
    """The stops this officer has started here and that are ended, newest first."""
    return _with_deployment().filter(deployment=deployment, officer=user, state=StopState.ENDED).order_by("-started_at")


def left_running(user: User, deployment: Deployment) -> list[Stop]:
    """Stops of officers who may record none here any more: a colleague ends them. Raises NotAllowed."""
    running = stops_for(user, deployment).filter(state=StopState.STARTED)
    return [stop for stop in running if not allowed(stop.officer, Permission.STOP_RECORD, deployment)]


def _with_deployment() -> QuerySet[Stop]:
    return Stop.objects.select_related("deployment", "alert__subject", "officer")
