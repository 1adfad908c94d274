"""Reference images: added sealed, checked by a worker, searched only when every warning has been answered."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from watchlist import vault
from watchlist.errors import InvalidInput, Refused
from watchlist.models import Alert, ImageSource, ReferenceImage, ReferenceState, Resemblance, Subject, User
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import deployments_listing
from watchlist.services import audit
from watchlist.services.alerts import Cause, end_unanswered, record_ended
from watchlist.services.galleries import gallery_moved
from watchlist.services.validation import validated, worded
from watchlist.signals import announce, reference_added
from watchlist.transitions import advance

LARGEST_MB = 10
MAX_UPLOAD_BYTES = LARGEST_MB * 1024 * 1024


@dataclass(frozen=True, slots=True)
class EnrolledReference:
    """What the check made of an upload: all in clear here, sealed before it is stored."""

    image: bytes  # JPEG without metadata
    portrait: bytes  # JPEG, eyes on the common line
    template: bytes  # float32, little-endian, unit length
    pack: str
    quality: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resembling:
    """Another subject's reference that a new one looks like (score) or is the same file as (none)."""

    other: uuid.UUID
    kind: Resemblance.Kind
    score: float | None


def reference_add(
    *, actor: User, subject: Subject, data: bytes, source: ImageSource | str, taken_on: dt.date
) -> ReferenceImage:
    """As `references_add`, for one."""
    [reference] = references_add(actor=actor, subject=subject, files=[data], source=source, taken_on=taken_on)
    return reference


@transaction.atomic
def references_add(
    *, actor: User, subject: Subject, files: Sequence[bytes], source: ImageSource | str, taken_on: dt.date
) -> list[ReferenceImage]:
    """Seals uploads of the same source and day and asks for their checks: all are taken, or none.

    What the bytes are is judged by the worker, not here.
    """
    require(actor, Permission.SUBJECT_EDIT)
    stored = store_references(actor=actor, subject=subject, files=files, source=source, taken_on=taken_on)
    record_added(actor, stored)
    return [each.reference for each in stored]


@dataclass(frozen=True, slots=True)
class StoredReference:
    """A reference that is stored and not yet on the record, and the size of the upload in bytes."""

    reference: ReferenceImage
    size: int


def store_references(
    *, actor: User, subject: Subject, files: Sequence[bytes], source: ImageSource | str, taken_on: dt.date
) -> list[StoredReference]:
    """For services that record what they did, and with `record_added` this, at their end."""
    if taken_on > timezone.localdate():
        text = "This day is in the future: give the day the photograph was taken."
        raise InvalidInput("future", text, {"taken_on": [text]})
    for number, data in enumerate(files, start=1):
        _require_image(data, f"File {number}: " if len(files) > 1 else "")
    return [
        _store(ReferenceImage(subject=subject, source=source, taken_on=taken_on, added_by=actor), data)
        for data in files
    ]


def record_added(actor: User, stored: Sequence[StoredReference]) -> None:
    for each in stored:
        audit.record(
            "reference.added",
            actor=actor,
            facts={
                "reference": each.reference.pk,
                "subject": each.reference.subject_id,
                "source": each.reference.source,
                "taken_on": each.reference.taken_on,
                "bytes": each.size,
            },
        )


def reference_upload(reference: ReferenceImage) -> bytes:
    """The upload of a pending reference, in clear, for its check."""
    return vault.unseal(bytes(reference.image or b""), key=vault.LIST_KEY, context=vault.place(reference, "image"))


@transaction.atomic
def reference_enrol(
    *, reference: ReferenceImage, enrolled: EnrolledReference, resemblances: Sequence[Resembling] = ()
) -> None:
    """Stores what the check found. Raises StaleState where the reference is no longer pending."""
    now = timezone.now()
    advance(
        reference,
        ReferenceState.ENROLLED,
        image=_sealed(reference, "image", enrolled.image),
        portrait=_sealed(reference, "portrait", enrolled.portrait),
        template=_sealed(reference, "template", enrolled.template),
        pack=enrolled.pack,
        quality=enrolled.quality,
        checked_at=now,
    )
    Resemblance.objects.bulk_create(
        Resemblance(reference=reference, other_id=found.other, kind=found.kind, score=found.score)
        for found in resemblances
    )
    gallery_moved(deployments_listing(reference.subject_id))
    audit.record(
        "reference.enrolled",
        actor=None,
        facts={
            "reference": reference.pk,
            "subject": reference.subject_id,
            "pack": enrolled.pack,
            "resemblances": [{"other": r.other, "kind": r.kind, "score": r.score} for r in resemblances],
        },
    )


@transaction.atomic
def reference_reject(*, reference: ReferenceImage, code: str, reason: str) -> None:
    """Nothing of a rejected upload stays but the reason. Raises StaleState where it is no longer pending."""
    advance(
        reference,
        ReferenceState.REJECTED,
        image=None,
        reason_code=code,
        reason=reason,
        checked_at=timezone.now(),
    )
    audit.record(
        "reference.rejected",
        actor=None,
        facts={"reference": reference.pk, "subject": reference.subject_id, "reason": code},
    )


@transaction.atomic
def reference_withdraw(*, actor: User, reference: ReferenceImage, reason: str) -> None:
    """Takes an image off every list at once and destroys it; the row stays for the record."""
    require(actor, Permission.SUBJECT_EDIT)
    reason = worded(reason, field="reason", why="Say why the image is withdrawn.")
    ended = _withdraw(reference, reason)
    audit.record(
        "reference.withdrawn",
        actor=actor,
        facts={"reference": reference.pk, "subject": reference.subject_id},
        detail={"reason": reason},
    )
    record_ended(ended, Cause.WITHDRAWN)


@transaction.atomic
def resemblance_answer(*, actor: User, resemblance: Resemblance, answer: Resemblance.Answer | str, reason: str) -> None:
    """Answers a warning: two people who look alike, or the same person, which withdraws the newer image."""
    require(actor, Permission.SUBJECT_EDIT)
    if answer not in Resemblance.Answer.values:
        raise InvalidInput("answer", "Answer whether these are two people or the same person.")
    reason = worded(reason, field="reason", why="Say what the answer rests on.")
    answered = Resemblance.objects.filter(pk=resemblance.pk, answer="").update(
        answer=answer, reason=reason, answered_by=actor, answered_at=timezone.now()
    )
    if not answered:
        raise Refused("answered", "Somebody has answered this warning already.")
    resemblance.refresh_from_db()
    reference = resemblance.reference
    ended: list[Alert] = []
    if answer == Resemblance.Answer.SAME_PERSON and reference.state != ReferenceState.WITHDRAWN:
        ended = _withdraw(reference, "The same person is listed already.")
    else:
        gallery_moved(deployments_listing(reference.subject_id))
    audit.record(
        "resemblance.answered",
        actor=actor,
        facts={"reference": reference.pk, "other": resemblance.other_id, "kind": resemblance.kind, "answer": answer},
        detail={"reason": reason},
    )
    record_ended(ended, Cause.WITHDRAWN)


def _require_image(data: bytes, which: str) -> None:
    if not data:
        raise InvalidInput("empty", f"{which}The file is empty: choose an image.")
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidInput("too_large", f"{which}The file is over {LARGEST_MB} MB: send a smaller image.")


def _store(reference: ReferenceImage, data: bytes) -> StoredReference:
    reference.fingerprint = vault.fingerprint(data)
    reference.image = _sealed(reference, "image", data)
    validated(reference)
    reference.save()
    announce(reference_added, reference_id=reference.pk)
    return StoredReference(reference, len(data))


def _sealed(reference: ReferenceImage, column: str, data: bytes) -> bytes:
    return vault.seal(data, key=vault.LIST_KEY, context=vault.place(reference, column))


def _withdraw(reference: ReferenceImage, reason: str) -> list[Alert]:
    """The alerts that end with it: without the image, nobody can compare."""
    now = timezone.now()
    advance(reference, ReferenceState.WITHDRAWN, image=None, portrait=None, template=None, reason=reason)
    gallery_moved(deployments_listing(reference.subject_id))
    return end_unanswered(Alert.objects.filter(reference=reference), now=now)
