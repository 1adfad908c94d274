"""Who is on the list of a deployment: built before it is live, afterwards only shortened."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from watchlist.errors import Refused, WatchlistError
from watchlist.models import Alert, Category, Deployment, DeploymentState, Kind, ListEntry, Subject, User
from watchlist.permissions import Permission, require
from watchlist.selectors.calibrations import newest_calibration, require_spoken_for
from watchlist.selectors.deployments import ENDED
from watchlist.selectors.gallery import entries_past_expiry, templates_searched
from watchlist.services import audit
from watchlist.services.alerts import Cause, end_unanswered, record_ended
from watchlist.services.galleries import gallery_moved
from watchlist.services.templates import ask_for_subject
from watchlist.services.validation import validated, worded


@transaction.atomic
def list_add(*, actor: User, deployment: Deployment, subject: Subject) -> ListEntry:
    """Refused, among other things, where the list becomes longer than its promise about false alerts can be kept for.

    An approved deployment keeps the threshold of its approval till the start, which works it out again.
    """
    require(actor, Permission.LIST_EDIT, deployment)
    sought = Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)  # not while its category changes
    locked = Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)  # not while somebody starts it
    if locked.state not in (DeploymentState.DRAFT, DeploymentState.APPROVED):
        raise Refused("frozen", "The list is frozen once a deployment has been live: people can only be removed.")
    _require_applied_for(locked, sought)
    if sought.expires_on < timezone.localdate(timezone=locked.zone):
        raise Refused("expired", "This entry of the watch-list has expired: renew it first, if it is still needed.")
    entry = ListEntry(deployment=locked, subject=sought, added_by=actor)
    validated(entry)
    entry.save()
    _require_spoken_for(locked)
    gallery_moved([locked.pk])
    ask_for_subject(sought.pk, locked.pack)
    audit.record("list.added", actor=actor, deployment=locked, facts={"subject": sought.pk, "entry": entry.pk})
    return entry


def _require_applied_for(deployment: Deployment, subject: Subject) -> None:
    if subject.kind == Kind.STAFF:
        if not deployment.seeded_staff:
            raise Refused("no_staff", "This deployment was not applied for with staff on its list.")
        if subject.consent_withdrawn_at is not None:
            raise Refused("withdrawn", "This member of staff has withdrawn their consent.")
    elif subject.category not in deployment.categories:
        label = Category(subject.category).label.lower()
        raise Refused("category", f"This deployment was not applied for to find people of the category “{label}”.")


def _require_spoken_for(deployment: Deployment) -> None:
    """A pack without a calibration is told at the approval: until then there may be one."""
    if calibration := newest_calibration(deployment.pack):
        require_spoken_for(calibration, templates=templates_searched(deployment.pk), one_in=deployment.one_in)


@transaction.atomic
def list_remove(*, actor: User, entry: ListEntry, reason: str) -> None:
    """While the deployment is not over, at any time, with effect on all cameras within seconds; an alert on this person
    that waits for an answer ends."""
    require(actor, Permission.LIST_EDIT, entry.deployment)
    reason = worded(reason, field="reason", why="Say why the person is removed.")
    _remove(entry, actor=actor, why="person", now=timezone.now(), reason=reason)


def lists_expire(*, now: dt.datetime) -> int:
    """Takes everybody off the lists whose last day has passed where the deployment is. Returns how many entries."""
    removed = 0
    for entry in entries_past_expiry(now):
        try:
            with transaction.atomic():
                _remove(entry, actor=None, why="expired", now=now, reason=None)
        except WatchlistError:
            continue  # removed or closed by a person meanwhile
        removed += 1
    return removed


def _remove(entry: ListEntry, *, actor: User | None, why: str, now: dt.datetime, reason: str | None) -> None:
    if not ListEntry.objects.filter(pk=entry.pk, removed_at__isnull=True).update(removed_at=now):
        raise Refused("removed", "This person has been removed already.")
    locked = Deployment.objects.select_for_update(no_key=True).get(pk=entry.deployment_id)
    if locked.state in ENDED:
        raise Refused("closed", "This deployment is closed: its list stays as it was.")
    gallery_moved([locked.pk])
    ended = end_unanswered(Alert.objects.filter(deployment=locked, subject=entry.subject_id), now=now)
    audit.record(
        "list.removed",
        actor=actor,
        deployment=locked,
        facts={"subject": entry.subject_id, "entry": entry.pk, "why": why},
        detail=None if reason is None else {"reason": reason},
    )
    record_ended(ended, Cause.DELISTED)
