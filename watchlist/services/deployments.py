"""A deployment's life: applied for by one person, approved by another, run inside its window, closed for good."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from watchlist.errors import InvalidInput, Refused, WatchlistError
from watchlist.events import publish
from watchlist.models import Deployment, DeploymentState, Role, User
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import ENDED
from watchlist.selectors.gallery import gallery_rows
from watchlist.services import audit
from watchlist.services.alerts import alerts_expire_at_close
from watchlist.services.validation import assign, validated
from watchlist.signals import announce, deployment_closed
from watchlist.transitions import advance

MAX_WINDOW = dt.timedelta(hours=24)

FIELDS = frozenset(
    {
        "name",
        "place",
        "ground",
        "evidence",
        "purpose",
        "categories",
        "starts_at",
        "ends_at",
        "time_zone",
        "threshold",
        "footfall",
        "two_person",
        "alert_seconds",
        "quiet_seconds",
        "demo",
    }
)


@transaction.atomic
def deployment_apply(*, actor: User, **fields: Any) -> Deployment:
    """A draft; the applicant becomes its steward, and can therefore not approve it."""
    require(actor, Permission.DEPLOYMENT_APPLY)
    deployment = Deployment(applied_by=actor)
    assign(deployment, fields, FIELDS)
    validated(deployment)
    _require_sound(deployment)
    deployment.save()
    deployment.memberships.create(user=actor, role=Role.STEWARD, added_by=actor)
    audit.record("deployment.applied", actor=actor, deployment=deployment, facts=_terms(deployment))
    return deployment


@transaction.atomic
def deployment_update(*, actor: User, deployment: Deployment, **fields: Any) -> Deployment:
    """Changes a draft. What has been approved stays as it was approved."""
    require(actor, Permission.DEPLOYMENT_STAFF, deployment)
    locked = Deployment.objects.select_for_update().get(pk=deployment.pk)
    if locked.state != DeploymentState.DRAFT:
        raise Refused("not_draft", "What was approved cannot be changed: close this deployment and apply for another.")
    assign(locked, fields, FIELDS - {"demo"})
    validated(locked)
    _require_sound(locked)
    locked.save()
    audit.record("deployment.updated", actor=actor, deployment=locked, facts=_terms(locked))
    return locked


@transaction.atomic
def deployment_approve(*, actor: User, deployment: Deployment) -> None:
    """The written authority. Refused to whoever applied, and for a deployment nobody could run."""
    require(actor, Permission.DEPLOYMENT_APPROVE, deployment)
    if actor.pk == deployment.applied_by_id:
        raise Refused("own_application", "Whoever applied for a deployment cannot approve it.")
    if deployment.ends_at <= timezone.now():
        raise Refused("window_over", "The window has passed: apply again with one that is still to come.")
    if not deployment.cameras.exists():
        raise Refused("no_camera", "There is no camera yet: add one before asking for approval.")
    if not deployment.memberships.filter(role=Role.OPERATOR).exists():
        raise Refused("no_operator", "There is no operator yet: add one before asking for approval.")
    advance(deployment, DeploymentState.APPROVED, approved_by=actor, approved_at=timezone.now())
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    audit.record("deployment.approved", actor=actor, deployment=deployment, facts=_terms(deployment))


@transaction.atomic
def deployment_start(*, actor: User, deployment: Deployment) -> None:
    require(actor, Permission.DEPLOYMENT_RUN, deployment)
    now = timezone.now()
    if now < deployment.starts_at:
        starts = deployment.starts_at.astimezone(deployment.zone)
        raise Refused("before_window", f"The window opens at {starts:%H:%M on %d %B (%Z)}: start it then.")
    if now >= deployment.ends_at:
        raise Refused("after_window", "The window has passed: this deployment can no longer be started.")
    references = len(gallery_rows(deployment.pk))
    if not references:
        raise Refused("empty_list", "Nobody on the list has an enrolled image: there is nothing to look for.")
    advance(deployment, DeploymentState.LIVE)
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    audit.record("deployment.started", actor=actor, deployment=deployment, facts={"references": references})


@transaction.atomic
def deployment_pause(*, actor: User, deployment: Deployment, reason: str) -> None:
    require(actor, Permission.DEPLOYMENT_RUN, deployment)
    _require_reason(reason, "Say why the deployment is paused.")
    advance(deployment, DeploymentState.PAUSED)
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    audit.record("deployment.paused", actor=actor, deployment=deployment, facts={}, detail={"reason": reason})


@transaction.atomic
def deployment_resume(*, actor: User, deployment: Deployment) -> None:
    require(actor, Permission.DEPLOYMENT_RUN, deployment)
    if timezone.now() >= deployment.ends_at:
        raise Refused("after_window", "The window has passed: this deployment can no longer be resumed.")
    if deployment.state != DeploymentState.PAUSED:
        raise Refused("not_paused", "Only a paused deployment is resumed.")
    advance(deployment, DeploymentState.LIVE)
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    audit.record("deployment.resumed", actor=actor, deployment=deployment, facts={})


@transaction.atomic
def deployment_close(*, actor: User, deployment: Deployment, reason: str) -> None:
    require(actor, Permission.DEPLOYMENT_CLOSE, deployment)
    _require_reason(reason, "Say why the deployment is closed.")
    _close(deployment, actor=actor, why="person", detail={"reason": reason})


def deployments_close_due(*, now: dt.datetime) -> int:
    """Closes every deployment whose window has passed. Returns how many."""
    closed = 0
    for deployment in Deployment.objects.exclude(state__in=ENDED).filter(ends_at__lte=now):
        try:
            with transaction.atomic():
                _close(deployment, actor=None, why="window_over", detail=None)
        except WatchlistError:
            continue  # a person closed it meanwhile
        closed += 1
    return closed


def _close(deployment: Deployment, *, actor: User | None, why: str, detail: dict[str, Any] | None) -> None:
    advance(deployment, DeploymentState.CLOSED, closed_at=timezone.now())
    expired = alerts_expire_at_close(deployment)
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    announce(deployment_closed, deployment_id=deployment.pk)
    audit.record(
        "deployment.closed", actor=actor, deployment=deployment, facts={"why": why, "expired": expired}, detail=detail
    )


def _require_sound(deployment: Deployment) -> None:
    if deployment.ends_at - deployment.starts_at > MAX_WINDOW:
        text = "A window lasts at most 24 hours: apply for each day."
        raise InvalidInput("window", text, {"ends_at": [text]})
    if not -1 < deployment.threshold < 1:
        text = "A threshold is a cosine similarity between -1 and 1."
        raise InvalidInput("threshold", text, {"threshold": [text]})
    if not deployment.categories:
        text = "Choose the categories of people that may be listed."
        raise InvalidInput("categories", text, {"categories": [text]})


def _require_reason(reason: str, text: str) -> None:
    if not reason.strip():
        raise InvalidInput("reason", text, {"reason": [text]})


def _terms(deployment: Deployment) -> dict[str, Any]:
    """What was applied for or approved, so that the record says it even if the row is changed later."""
    return {
        "ground": deployment.ground,
        "categories": sorted(deployment.categories),
        "starts_at": deployment.starts_at,
        "ends_at": deployment.ends_at,
        "threshold": deployment.threshold,
        "footfall": deployment.footfall,
        "two_person": deployment.two_person,
        "cameras": deployment.cameras.count(),
        "listed": deployment.entries.filter(removed_at__isnull=True).count(),
    }
