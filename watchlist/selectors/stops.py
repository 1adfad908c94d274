"""Reading stops."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from watchlist.errors import NotFound
from watchlist.models import Deployment, Stop, StopState, User
from watchlist.permissions import Permission, deployment_for, require


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
