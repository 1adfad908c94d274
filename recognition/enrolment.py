"""Does an uploaded image become a reference? Checked, compared with everyone listed, then enrolled or rejected.

May run twice, or be cut short anywhere: a reference leaves the pending state once, in one transaction with all that was
found, and what a lost worker left pending is queued again.
"""

import datetime as dt
from dataclasses import asdict
from uuid import UUID

import numpy as np
from django.db import connection, transaction

from recognition.engine import engine
from recognition.packs.calibration import shipped
from recognition.pipeline.enrol import assess_reference
from recognition.pipeline.errors import RejectedImage
from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.types import Enrolment, Templates
from watchlist.errors import StaleState
from watchlist.models import ReferenceImage, ReferenceState, Resemblance
from watchlist.selectors.gallery import GalleryRow, listed_templates, same_file
from watchlist.services.references import (
    EnrolledReference,
    Resembling,
    reference_enrol,
    reference_reject,
)
from watchlist.services.uploads import reference_upload

# Of an entry that resembles many, the closest say all that a person can act upon.
MOST_WARNINGS = 5

ENROLMENT_LOCK = 0x6C66656E  # "lfen"

QUEUED_AGAIN_AFTER = dt.timedelta(minutes=2)  # a check takes a second; a queue of thousands is worked off, not repeated
GIVEN_UP_AFTER = dt.timedelta(hours=6)


def check_reference(reference_id: UUID) -> None:
    """Enrols or rejects a pending reference; does nothing to one that is gone or has been dealt with."""
    reference = ReferenceImage.objects.filter(pk=reference_id, state=ReferenceState.PENDING).first()
    if reference is None:
        return
    try:
        _decide(reference)
    except StaleState:
        return  # withdrawn, or checked by another worker, while this one was looking


def _decide(reference: ReferenceImage) -> None:
    prepared = engine()
    try:
        enrolment = assess_reference(prepared, reference_upload(reference))
    except RejectedImage as error:
        reference_reject(reference=reference, code=error.code, reason=error.message)
        return
    with transaction.atomic():
        _take_turn()
        reference_enrol(
            reference=reference,
            enrolled=_enrolled(enrolment, prepared.pack),
            resemblances=_resembling(reference, enrolment.template, prepared.pack),
        )


def give_up_or_list_again(*, now: dt.datetime) -> list[UUID]:
    """References that have been pending too long for a queued check: rejects the hopeless, returns the others' ids."""
    waiting = ReferenceImage.objects.filter(state=ReferenceState.PENDING, added_at__lte=now - QUEUED_AGAIN_AFTER)
    again = []
    for reference in waiting.only("id", "state", "subject", "added_at"):
        if reference.added_at > now - GIVEN_UP_AFTER:
            again.append(reference.pk)
            continue
        try:
            reference_reject(
                reference=reference,
                code="not_checked",
                reason="The image could not be checked. Upload it again, or another one of the same person.",
            )
        except StaleState:
            continue  # checked at the last moment
    return again


def resemblance_threshold(pack: str) -> float:
    """The similarity that two different people reach in one comparison of a thousand, for this pack.

    The cautious choice: overlooking that a person is listed twice costs more than a second look at two who are alike.
    """
    return shipped(pack).threshold_for(gallery_size=1)


def _take_turn() -> None:
    """Comparisons of one moment see each other's results: else a face uploaded twice at once would pass twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ENROLMENT_LOCK])


def _resembling(reference: ReferenceImage, template: np.ndarray, pack: str) -> list[Resembling]:
    """One warning for each image of somebody else: the identical file, or else a face as much alike as one person's."""
    files = [
        Resembling(other.pk, Resemblance.Kind.SAME_FILE, None)
        for other in same_file(reference).only("pk")[:MOST_WARNINGS]
    ]
    known = {found.other for found in files}
    return files + [found for found in _same_face(reference, template, pack) if found.other not in known]


def _same_face(reference: ReferenceImage, template: np.ndarray, pack: str) -> list[Resembling]:
    rows = [row for row in listed_templates() if row.subject_id != str(reference.subject_id) and row.pack == pack]
    if not rows:
        return []
    scores = _matrix(rows) @ template
    closest = np.argsort(-scores, kind="stable")[:MOST_WARNINGS]
    threshold = resemblance_threshold(pack)
    return [
        Resembling(UUID(rows[row].reference_id), Resemblance.Kind.SAME_FACE, round(float(scores[row]), 4))
        for row in closest.tolist()
        if scores[row] >= threshold
    ]


def _matrix(rows: list[GalleryRow]) -> Templates:
    return np.stack([np.frombuffer(row.template, np.dtype("<f4")) for row in rows])


def _enrolled(enrolment: Enrolment, pack: str) -> EnrolledReference:
    measures = asdict(enrolment.quality)
    measures.pop("shortfalls")  # else it were not enrolled
    return EnrolledReference(
        image=enrolment.image,
        portrait=write_jpeg(enrolment.portrait),
        template=enrolment.template.astype("<f4").tobytes(),
        pack=pack,
        quality={name: round(float(value), 3) for name, value in measures.items()},
    )
