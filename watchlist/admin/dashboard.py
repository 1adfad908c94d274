"""What waits for this person: the first page of the admin."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from watchlist.admin.base import actor_of
from watchlist.models import DeploymentState, ReferenceState, Resemblance, User
from watchlist.permissions import Permission, allowed
from watchlist.selectors.deployments import deployments_of
from watchlist.selectors.proposals import proposals_waiting_for
from watchlist.selectors.references import pending, unanswered

WARNINGS = {
    Resemblance.Kind.SAME_FILE: "of one file under two people",
    Resemblance.Kind.SAME_FACE: "of a person listed twice",
    Resemblance.Kind.MISFIT: "of an image unlike the person's others",
    Resemblance.Kind.LOOK_ALIKE: "of two people alike",
}


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
    return [*_images(user), *_drafts(user), *_proposals(user)]


def _images(user: User) -> list[Waiting]:
    if not allowed(user, Permission.REFERENCE_VIEW):
        return []
    kinds = Counter(unanswered(user).order_by().values_list("kind", flat=True))
    warnings = kinds.total()
    answers = allowed(user, Permission.SUBJECT_EDIT)
    images = reverse("admin:watchlist_referenceimage_changelist")
    return [
        Waiting(
            warnings,
            f"{'warning' if warnings == 1 else 'warnings'} {'to be answered' if answers else 'unanswered'}{_of(kinds)}",
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


def _of(kinds: Counter[str]) -> str:
    """How many of each, in the order of their gravity: the same person under two names first."""
    said = [f"{kinds[kind]} {words}" for kind, words in WARNINGS.items() if kinds[kind]]
    return f": {', '.join(said)}" if said else ""


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


def _proposals(user: User) -> list[Waiting]:
    """A row for each: one deployment's has nothing to do with another's."""
    return [
        Waiting(
            1,
            f"looser promise of {proposal.deployment.name} to agree to or decline",
            reverse("admin:watchlist_deployment_change", args=[proposal.deployment_id]),
            urgent=True,
        )
        for proposal in proposals_waiting_for(user)
    ]
