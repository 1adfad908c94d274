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
from recognition.likeness import MOST_WARNINGS, Limits, misfit, resembling, scores_of
from recognition.packs.likelihood import alike_threshold, fitting_threshold, one_person_threshold
from recognition.pipeline.enrol import assess_reference
from recognition.pipeline.errors import RejectedImage
from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.types import Enrolment
from watchlist.calibration import Calibration
from watchlist.errors import Refused, StaleState
from watchlist.models import ReferenceImage, ReferenceState, Resemblance
from watchlist.selectors.calibrations import calibration_for, measured
from watchlist.selectors.gallery import listed_templates, same_file
from watchlist.selectors.look_alikes import known_look_alikes
from watchlist.services.references import (
    EnrolledReference,
    Resembling,
    reference_enrol,
    reference_reject,
)
from watchlist.services.uploads import reference_upload

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
        calibration = measured(calibration_for(prepared.pack))  # without one, nobody could be told what is alike
        enrolment = assess_reference(prepared, reference_upload(reference))
    except (Refused, RejectedImage) as error:
        reference_reject(reference=reference, code=error.code, reason=error.message)
        return
    with transaction.atomic():
        _take_turn()
        reference_enrol(
            reference=reference,
            enrolled=_enrolled(enrolment, prepared.pack),
            resemblances=_warnings(reference, enrolment.template, calibration),
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


def warning_limits(calibration: Calibration, *, compared: int) -> Limits:
    """The scores of its pack at which a person is asked about a new image, compared with so many of other subjects."""
    alike = alike_threshold(calibration, compared=compared)
    return Limits(
        alike=alike,
        one_person=max(alike, one_person_threshold(calibration, compared=compared)),
        fits=fitting_threshold(calibration),
    )


def _take_turn() -> None:
    """Comparisons of one moment see each other's results: else a face uploaded twice at once would pass twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ENROLMENT_LOCK])


def _warnings(reference: ReferenceImage, template: np.ndarray, calibration: Calibration) -> list[Resembling]:
    """At most one for each other person: the identical file, or else a face as much alike; and one for a misfit."""
    rows = list(listed_templates(calibration.pack))
    subject = str(reference.subject_id)
    own = [row for row in rows if row.subject_id == subject]
    files = [
        Resembling(other.pk, Resemblance.Kind.SAME_FILE, None)
        for other in same_file(reference).only("pk", "subject_id")[:MOST_WARNINGS]
    ]
    same_files = {str(found.other) for found in files}
    settled = {subject} | {row.subject_id for row in rows if row.reference_id in same_files}
    others = [row for row in rows if row.subject_id not in settled]
    limits = warning_limits(calibration, compared=len(others))
    faces = resembling(
        others,
        template,
        limits,
        known=known_look_alikes(subject),
        own_best=float(scores_of(own, template).max(initial=-1.0)),
    )
    return [*files, *faces, *misfit(own, template, limits)]


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
