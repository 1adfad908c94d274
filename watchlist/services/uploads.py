"""What stewards hand in: files sealed as they come, each once for a subject, and waiting for their check."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from watchlist import vault
from watchlist.errors import InvalidInput, Refused
from watchlist.models import ImageSource, ReferenceImage, ReferenceState, Subject, Template, User
from watchlist.permissions import Permission, require
from watchlist.services import audit
from watchlist.services.validation import validated
from watchlist.signals import announce, reference_added

LARGEST_MB = 10
MAX_UPLOAD_BYTES = LARGEST_MB * 1024 * 1024
LONGEST_NAME = 120  # characters


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. No log prints it: its name may be somebody's."""

    data: bytes = field(repr=False)
    name: str = field(default="", repr=False)


def reference_add(
    *, actor: User, subject: Subject, data: bytes, source: ImageSource | str, taken_on: dt.date, file_name: str = ""
) -> ReferenceImage:
    """As `references_add`, for one."""
    files = [Upload(data, file_name)]
    [reference] = references_add(actor=actor, subject=subject, files=files, source=source, taken_on=taken_on)
    return reference


@transaction.atomic
def references_add(
    *, actor: User, subject: Subject, files: Sequence[Upload], source: ImageSource | str, taken_on: dt.date
) -> list[ReferenceImage]:
    """Seals uploads of the same source and day and asks for their checks: all are taken, or none.

    Left out, without a trace, is what is there already; where that is all, Refused. What the bytes are is judged by the
    worker, not here.
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
    *, actor: User, subject: Subject, files: Sequence[Upload], source: ImageSource | str, taken_on: dt.date
) -> list[StoredReference]:
    """For services that record what they did, and with `record_added` this, at their end."""
    if taken_on > timezone.localdate():
        text = "This day is in the future: give the day the photograph was taken."
        raise InvalidInput("future", text, {"taken_on": [text]})
    for number, file in enumerate(files, start=1):
        _require_image(file.data, f"{_kept_name(file.name) or f'File {number}'}: " if len(files) > 1 else "")
    return [
        _store(ReferenceImage(subject=subject, source=source, taken_on=taken_on, added_by=actor), file, fingerprint)
        for fingerprint, file in _new(subject, files).items()
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
    """The upload of a pending reference, in clear, for its check; of an enrolled one what is kept of it."""
    return vault.unseal(bytes(reference.image or b""), key=vault.LIST_KEY, context=vault.place(reference, "image"))


def sealed(row: ReferenceImage | Template, column: str, data: bytes) -> bytes:
    return vault.seal(data, key=vault.LIST_KEY, context=vault.place(row, column))


def _require_image(data: bytes, which: str) -> None:
    if not data:
        raise InvalidInput("empty", f"{which}The file is empty: choose an image.")
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidInput("too_large", f"{which}The file is over {LARGEST_MB} MB: send a smaller image.")


def _new(subject: Subject, files: Sequence[Upload]) -> dict[bytes, Upload]:
    """The files by fingerprint, each once, that are not this subject's already. Raises Refused where none is new."""
    # One at a time for a subject: a file that two people send at once would be new to both.
    Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)
    sent = {vault.fingerprint(file.data): file for file in files}
    standing = subject.references.filter(
        fingerprint__in=sent, state__in=(ReferenceState.PENDING, ReferenceState.ENROLLED)
    )
    there = {bytes(known): added_at for known, added_at in standing.values_list("fingerprint", "added_at")}
    new = {fingerprint: file for fingerprint, file in sent.items() if fingerprint not in there}
    if there and not new:
        day = f"{timezone.localtime(min(there.values())):%-d %B %Y}"
        what = "This file is" if len(there) == 1 else "These files are"
        since = "added on" if len(there) == 1 else "the first added on"
        raise Refused("already_there", f"{what} already there, {since} {day}.")
    return new


def _store(reference: ReferenceImage, file: Upload, fingerprint: bytes) -> StoredReference:
    reference.fingerprint = fingerprint
    reference.image = sealed(reference, "image", file.data)
    reference.file_name = sealed(reference, "file_name", _kept_name(file.name).encode())
    validated(reference)
    reference.save()
    announce(reference_added, reference_id=reference.pk)
    return StoredReference(reference, len(file.data))


def _kept_name(name: str) -> str:
    """Without folders, and without characters that are not seen or turn the text around them."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if unicodedata.category(each)[0] != "C").strip()[:LONGEST_NAME]
