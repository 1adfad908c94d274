"""What waits for this person: the first page of the admin."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from watchlist.admin.base import actor_of
from watchlist.models import DeploymentState, ReferenceState, User
from watchlist.permissions import Permission, allowed
from watchlist.selectors.deployments import deployments_of
from watchlist.selectors.references import pending, unanswered


@dataclass(frozen=True, slots=True)
class Waiting:
    count: int
    what: str
    url: str
    urgent: bool


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK."""
    return context | {"waiting": waiting_for(actor_of(request))}


def waiting_for(user: User) -> list[Waiting]:
    return [*_images(user), *_drafts(user)]


def _images(user: User) -> list[Waiting]:
    if not allowed(user, Permission.REFERENCE_VIEW):
        return []
    warnings = unanswered(user).count()
    answers = allowed(user, Permission.SUBJECT_EDIT)
    images = reverse("admin:watchlist_referenceimage_changelist")
    return [
        Waiting(
            warnings,
            f"{'resemblance' if warnings == 1 else 'resemblances'} {'to be answered' if answers else 'unanswered'}",
            f"{reverse('admin:watchlist_resemblance_changelist')}?answered=no",
            urgent=answers and warnings > 0,
        ),
        Waiting(
            pending(user).count(),
            "images being checked",
            f"{images}?state__exact={ReferenceState.PENDING.value}",
            urgent=False,
        ),
    ]


def _drafts(user: User) -> list[Waiting]:
    drafts = [
        deployment
        for deployment in deployments_of(user).filter(state=DeploymentState.DRAFT)
        if allowed(user, Permission.DEPLOYMENT_APPROVE, deployment)
    ]
    if not allowed(user, Permission.DEPLOYMENT_APPROVE):
        return []
    url = f"{reverse('admin:watchlist_deployment_changelist')}?state__exact={DeploymentState.DRAFT.value}"
    return [Waiting(len(drafts), "deployments to approve", url, urgent=bool(drafts))]
