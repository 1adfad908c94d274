"""Who is sought: adding and changing entries of the watch-list."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from watchlist.errors import InvalidInput
from watchlist.models import Subject, User
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import deployments_listing
from watchlist.services import audit
from watchlist.services.validation import assign, validated
from watchlist.signals import announce, gallery_changed

FIELDS = frozenset(
    {
        "name",
        "record_number",
        "category",
        "justification",
        "legal_basis",
        "risk",
        "instructions",
        "expires_on",
    }
)


@transaction.atomic
def subject_create(*, actor: User, **fields: Any) -> Subject:
    require(actor, Permission.SUBJECT_EDIT)
    subject = Subject(added_by=actor)
    assign(subject, fields, FIELDS)
    validated(subject)
    _require_future(subject)
    subject.save()
    audit.record(
        "subject.created",
        actor=actor,
        facts={"subject": subject.pk, "category": subject.category, "legal_basis": subject.legal_basis},
        detail={"name": subject.name, "record_number": subject.record_number},
    )
    return subject


@transaction.atomic
def subject_update(*, actor: User, subject: Subject, **fields: Any) -> Subject:
    require(actor, Permission.SUBJECT_EDIT)
    before = {name: str(getattr(subject, name)) for name in FIELDS}
    assign(subject, fields, FIELDS)
    validated(subject)
    subject.save()
    after = {name: str(getattr(subject, name)) for name in FIELDS}
    changed = sorted(name for name in FIELDS if before[name] != after[name])
    if "expires_on" in changed:
        for deployment in deployments_listing(subject):
            announce(gallery_changed, deployment_id=deployment.pk)
    audit.record(
        "subject.updated",
        actor=actor,
        facts={"subject": subject.pk, "changed": changed},
        detail={"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}},
    )
    return subject


def _require_future(subject: Subject) -> None:
    if subject.expires_on < timezone.localdate():
        text = "This day has passed: an entry must have a day in the future on which it expires."
        raise InvalidInput("expired", text, {"expires_on": [text]})
