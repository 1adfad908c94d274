"""Consenting staff on the watch-list: who is entered, and what their withdrawing destroys."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from watchlist.errors import InvalidInput, Refused
from watchlist.models import (
    Alert,
    Kind,
    LegalBasis,
    ListEntry,
    ReferenceState,
    Subject,
    Template,
    User,
)
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import ENDED, deployments_listing
from watchlist.services import audit
from watchlist.services.alerts import Cause, end_unanswered, record_ended
from watchlist.services.galleries import gallery_moved
from watchlist.services.references import NOTHING
from watchlist.services.validation import assign, validated
from watchlist.transitions import advance

FIELDS = frozenset({"name", "record_number", "consented_on", "expires_on"})
EMPTY = frozenset({"category", "risk", "instructions"})  # nobody looks for them, and nothing follows


@transaction.atomic
def staff_create(*, actor: User, **fields: Any) -> Subject:
    """Enters a member of staff who has consented in writing, and was told that they may withdraw at any time."""
    require(actor, Permission.SUBJECT_EDIT)
    subject = Subject(kind=Kind.STAFF, legal_basis=LegalBasis.CONSENT, added_by=actor)
    assign(subject, fields, FIELDS)
    _require_sound(subject)
    subject.save()
    audit.record("staff.created", actor=actor, facts=_facts(subject), detail=_words(subject))
    return subject


@transaction.atomic
def staff_update(*, actor: User, subject: Subject, **fields: Any) -> Subject:
    """Corrects an entry, or notes that the person has consented anew; after a withdrawal, only the latter."""
    require(actor, Permission.SUBJECT_EDIT)
    locked = _locked(subject)
    before = _words(locked)
    assign(locked, fields, FIELDS)
    _require_sound(locked)
    if locked.consent_withdrawn_at is not None:
        withdrawn_on = timezone.localdate(locked.consent_withdrawn_at)
        if locked.consented_on is None or locked.consented_on < withdrawn_on or before == _words(locked):
            text = "The consent was withdrawn: give the day on which the person has consented anew."
            raise InvalidInput("withdrawn", text, {"consented_on": [text]})
        locked.consent_withdrawn_at = None
    after = _words(locked)
    changed = sorted(name for name in FIELDS if before[name] != after[name])
    gallery_moved(deployments_listing(locked.pk))
    locked.save()
    audit.record(
        "staff.updated",
        actor=actor,
        facts=_facts(locked) | {"changed": changed},
        detail={"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}},
    )
    return locked


@transaction.atomic
def consent_withdraw(*, actor: User, subject: Subject, now: dt.datetime) -> None:
    """The person is off every list at once, and no picture or template of them is left. Nobody has to say why."""
    require(actor, Permission.SUBJECT_EDIT)
    locked = _locked(subject)
    if locked.consent_withdrawn_at is not None:
        raise Refused("withdrawn", "This consent has been withdrawn already.")
    locked.consent_withdrawn_at = now
    locked.save(update_fields=["consent_withdrawn_at"])
    references = _withdraw_references(locked)
    listing = ListEntry.objects.filter(subject=locked, removed_at__isnull=True).exclude(deployment__state__in=ENDED)
    entries = list(listing.select_for_update(of=("self",), no_key=True).order_by("pk"))
    ListEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(removed_at=now)
    gallery_moved({entry.deployment_id for entry in entries})
    Template.objects.filter(reference__subject=locked).delete()
    alerts = Alert.objects.filter(subject=locked, seeded=True)
    ended = end_unanswered(alerts, now=now)
    pictured = alerts.exclude(probe=b"").update(probe=b"", portrait=b"")
    audit.record(
        "consent.withdrawn",
        actor=actor,
        facts={"subject": locked.pk, "lists": len(entries), "images": references, "alerts_without_pictures": pictured},
    )
    record_ended(ended, Cause.DELISTED)


def _withdraw_references(subject: Subject) -> int:
    """Destroys the images, and says how many there were. Their templates go after the deployments' locks, in the order
    that all keep."""
    held = subject.references.filter(state__in=(ReferenceState.PENDING, ReferenceState.ENROLLED)).order_by("pk")
    references = list(held.select_for_update(of=("self",), no_key=True))
    for reference in references:
        advance(reference, ReferenceState.WITHDRAWN, reason="The person withdrew their consent.", **NOTHING)
    subject.references.filter(state=ReferenceState.REJECTED).update(file_name=None)
    return len(references)


def _locked(subject: Subject) -> Subject:
    found = Subject.objects.select_for_update(of=("self",), no_key=True).get(pk=subject.pk)
    if found.kind != Kind.STAFF:
        raise Refused("not_staff", "This is a person sought, not a consenting member of staff.")
    return found


def _require_sound(subject: Subject) -> None:
    if subject.consented_on is None:
        text = "Give the day on which the person consented."
        raise InvalidInput("consented_on", text, {"consented_on": [text]})
    validated(subject, besides=EMPTY)
    today = timezone.localdate()
    if subject.consented_on > today:
        text = "This day is still to come: enter the person once they have consented."
        raise InvalidInput("consented_on", text, {"consented_on": [text]})
    if subject.expires_on < today:
        text = "This day has passed: an entry must have a day in the future on which it expires."
        raise InvalidInput("expired", text, {"expires_on": [text]})


def _facts(subject: Subject) -> dict[str, Any]:
    return {"subject": subject.pk, "legal_basis": subject.legal_basis, "consented_on": subject.consented_on}


def _words(subject: Subject) -> dict[str, str]:
    return {name: str(getattr(subject, name)) for name in sorted(FIELDS)}
