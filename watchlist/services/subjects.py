"""Who is sought: adding and changing entries of the watch-list."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from watchlist.errors import InvalidInput, Refused
from watchlist.models import ImageSource, Kind, ReferenceImage, Subject, User
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import deployments_listing
from watchlist.services import audit
from watchlist.services.galleries import gallery_moved
from watchlist.services.thresholds import record_tightened, tighten_for_list
from watchlist.services.uploads import Upload, record_added, store_references
from watchlist.services.validation import assign, validated

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
    subject = _stored(actor, fields)
    _record_created(actor, subject)
    return subject


@transaction.atomic
def subject_create_pictured(
    *, actor: User, files: Sequence[Upload], source: ImageSource | str, taken_on: dt.date, **fields: Any
) -> list[ReferenceImage]:
    """A new subject with their images: all of it is taken, or nothing. Returns the images."""
    require(actor, Permission.SUBJECT_EDIT)
    subject = _stored(actor, fields)
    stored = store_references(actor=actor, subject=subject, files=files, source=source, taken_on=taken_on)
    _record_created(actor, subject)
    record_added(actor, stored)
    return [each.reference for each in stored]


@transaction.atomic
def subject_update(*, actor: User, subject: Subject, **fields: Any) -> Subject:
    """Changes what is said of a person. The category stays while a list that was approved for it names them."""
    require(actor, Permission.SUBJECT_EDIT)
    subject = Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)  # as it is, not as it was read
    if subject.kind != Kind.SOUGHT:
        raise Refused("staff", "This is a consenting member of staff: nothing else is said of them.")
    before = _words(subject)
    assign(subject, fields, FIELDS)
    validated(subject)
    after = _words(subject)
    changed = sorted(name for name in FIELDS if before[name] != after[name])
    listing = deployments_listing(subject.pk)
    if "category" in changed and listing:
        text = "This person is on a list that was applied for with this category: remove them from it first."
        raise InvalidInput("listed", text, {"category": [text]})
    if "expires_on" in changed:
        _require_future(subject)
        gallery_moved(listing)
    subject.save()
    tightened = tighten_for_list(listing) if "expires_on" in changed else []
    audit.record(
        "subject.updated",
        actor=actor,
        facts={"subject": subject.pk, "changed": changed},
        detail={"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}},
    )
    record_tightened(tightened)
    return subject


def _stored(actor: User, fields: dict[str, Any]) -> Subject:
    subject = Subject(added_by=actor)
    assign(subject, fields, FIELDS)
    validated(subject)
    _require_future(subject)
    subject.save()
    return subject


def _record_created(actor: User, subject: Subject) -> None:
    audit.record(
        "subject.created",
        actor=actor,
        facts={"subject": subject.pk, "category": subject.category, "legal_basis": subject.legal_basis},
        detail=_words(subject),
    )


def _words(subject: Subject) -> dict[str, str]:
    return {name: str(getattr(subject, name)) for name in sorted(FIELDS)}


def _require_future(subject: Subject) -> None:
    if subject.expires_on < timezone.localdate():
        text = "This day has passed: an entry must have a day in the future on which it expires."
        raise InvalidInput("expired", text, {"expires_on": [text]})
