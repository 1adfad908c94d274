"""Who is on the list of a deployment: built before it is live, afterwards only shortened."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from watchlist.errors import InvalidInput, Refused
from watchlist.models import Category, Deployment, DeploymentState, ListEntry, Subject, User
from watchlist.permissions import Permission, require
from watchlist.services import audit
from watchlist.services.validation import validated
from watchlist.signals import announce, gallery_changed


@transaction.atomic
def list_add(*, actor: User, deployment: Deployment, subject: Subject) -> ListEntry:
    require(actor, Permission.LIST_EDIT, deployment)
    locked = Deployment.objects.select_for_update().get(pk=deployment.pk)  # not while somebody else starts it
    if locked.state not in (DeploymentState.DRAFT, DeploymentState.APPROVED):
        raise Refused("frozen", "The list is frozen once a deployment has been live: people can only be removed.")
    if subject.category not in locked.categories:
        label = Category(subject.category).label.lower()
        raise Refused("category", f"This deployment was not applied for to find people of the category “{label}”.")
    if subject.expires_on < timezone.localdate():
        raise Refused("expired", "This entry of the watch-list has expired: renew it first, if it is still needed.")
    entry = ListEntry(deployment=locked, subject=subject, added_by=actor)
    validated(entry)
    entry.save()
    _moved(locked)
    audit.record("list.added", actor=actor, deployment=locked, facts={"subject": subject.pk, "entry": entry.pk})
    return entry


@transaction.atomic
def list_remove(*, actor: User, entry: ListEntry, reason: str) -> None:
    """At any time, with effect on all cameras within seconds."""
    require(actor, Permission.LIST_EDIT, entry.deployment)
    if not reason.strip():
        raise InvalidInput("reason", "Say why the person is removed.", {"reason": ["Say why the person is removed."]})
    if not ListEntry.objects.filter(pk=entry.pk, removed_at__isnull=True).update(removed_at=timezone.now()):
        raise Refused("removed", "This person has been removed already.")
    _moved(entry.deployment)
    audit.record(
        "list.removed",
        actor=actor,
        deployment=entry.deployment,
        facts={"subject": entry.subject_id, "entry": entry.pk},
        detail={"reason": reason},
    )


def _moved(deployment: Deployment) -> None:
    Deployment.objects.filter(pk=deployment.pk).update(gallery_version=F("gallery_version") + 1)
    announce(gallery_changed, deployment_id=deployment.pk)
