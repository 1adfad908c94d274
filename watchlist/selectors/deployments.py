"""Reading deployments: whose they are, and whether one is open to frames now."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from watchlist.errors import NotFound, Refused
from watchlist.models import Camera, Deployment, DeploymentState, Kind, ListEntry, Subject, User
from watchlist.permissions import EVERYWHERE, Permission, deployment_for, require, roles_of

ENDED = (DeploymentState.CLOSED, DeploymentState.DESTROYED)

WHY_NOT_LIVE = {
    DeploymentState.DRAFT: (
        "not_approved",
        "This deployment has not been approved: an authoriser must approve it first.",
    ),
    DeploymentState.APPROVED: (
        "not_started",
        "This deployment has not been started: an operator starts it when staff are in place.",
    ),
    DeploymentState.PAUSED: ("paused", "This deployment is paused: no frame is looked at until it is resumed."),
    DeploymentState.CLOSED: ("closed", "This deployment is closed: its cameras stay off."),
    DeploymentState.DESTROYED: ("closed", "This deployment is closed and its list destroyed: its cameras stay off."),
}


def gate(deployment: Deployment, now: dt.datetime) -> None:
    """Raises Refused, with a sentence for the page, unless frames may be looked at now: live and inside its window."""
    if deployment.state != DeploymentState.LIVE:
        raise Refused(*WHY_NOT_LIVE[DeploymentState(deployment.state)])
    if now < deployment.starts_at:
        starts = deployment.starts_at.astimezone(deployment.zone)
        raise Refused("before_window", f"This deployment's window opens at {starts:%H:%M on %d %B (%Z)}.")
    if now >= deployment.ends_at:
        ended = deployment.ends_at.astimezone(deployment.zone)
        raise Refused("after_window", f"This deployment's window ended at {ended:%H:%M on %d %B (%Z)}.")


def deployments_of(user: User) -> QuerySet[Deployment]:
    """The deployments a person has a role in; all of them for roles that count everywhere."""
    appointed = roles_of(user)
    everything = Deployment.objects.all()
    if appointed & EVERYWHERE:
        return everything
    return everything.filter(memberships__user=user, memberships__role__in=appointed).distinct()


def deployments_listing(subject_id: UUID, *, pack: str | None = None) -> list[UUID]:
    """Deployments not yet closed whose list names this subject; with `pack`, those of them that search with it."""
    listing = ListEntry.objects.filter(subject=subject_id, removed_at__isnull=True)
    if pack is not None:
        listing = listing.filter(deployment__pack=pack)
    return list(listing.exclude(deployment__state__in=ENDED).values_list("deployment_id", flat=True))


def packs_in_use() -> list[str]:
    """The packs of deployments that run, are paused, or may be started; those that run first."""
    states = (DeploymentState.LIVE, DeploymentState.PAUSED, DeploymentState.APPROVED)
    packs = Deployment.objects.filter(state__in=states).order_by().values_list("state", "pack").distinct()
    return list(dict.fromkeys(pack for _, pack in sorted(packs, key=lambda row: states.index(DeploymentState(row[0])))))


def camera_for(user: User, pk: UUID | str, permission: Permission) -> Camera:
    """The camera with its deployment, if this person may do this there. Raises NotFound or NotAllowed."""
    try:
        camera = Camera.objects.select_related("deployment").get(pk=pk)
        deployment_for(user, camera.deployment_id, permission)
    except (Camera.DoesNotExist, ValidationError, NotFound):
        raise NotFound("no_camera", "There is no such camera, or you have no role at its deployment.") from None
    return camera


def list_size(deployment: Deployment) -> int:
    """People sought who are on the list now."""
    return deployment.entries.filter(removed_at__isnull=True, subject__kind=Kind.SOUGHT).count()


def staff_listed(deployment: Deployment) -> int:
    """Consenting staff who are on the list now."""
    return deployment.entries.filter(removed_at__isnull=True, subject__kind=Kind.STAFF).count()


def listed(user: User, deployment: Deployment) -> QuerySet[Subject]:
    """Whom the list names now, category by category. Raises NotAllowed."""
    require(user, Permission.LIST_VIEW, deployment)
    on_it = deployment.entries.filter(removed_at__isnull=True).values("subject")
    return Subject.objects.filter(pk__in=on_it).order_by("category", "name", "record_number")


def watched_camera(pk: UUID | str) -> Camera:
    """The camera with its deployment as it stands, for the worker that holds one of its frames: who may send was asked
    when the frame came in. Raises NotFound where the camera has been removed meanwhile."""
    camera = Camera.objects.select_related("deployment").filter(pk=pk).first()
    if camera is None:
        raise NotFound("no_camera", "There is no such camera any more.")
    return camera
