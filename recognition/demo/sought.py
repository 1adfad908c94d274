"""The person the demo looks for: Eileen Collins, on a photograph that NASA put in the public domain."""

import datetime as dt
from importlib.metadata import files
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from recognition.enrolment import check_reference
from recognition.reenrolment import make_template
from watchlist.errors import Refused
from watchlist.models import (
    Category,
    ImageSource,
    LegalBasis,
    ReferenceState,
    Risk,
    Subject,
    Template,
    TemplateState,
    User,
)
from watchlist.services.subjects import subject_create, subject_update
from watchlist.services.uploads import reference_add

RECORD_NUMBER = "DEMO-1"
TAKEN_ON = dt.date(1998, 1, 1)  # no date comes with the picture; a day within her years as an astronaut
LISTED_FOR = dt.timedelta(days=365)
RENEWED_BEFORE = dt.timedelta(days=30)


def demo_subject(steward: User) -> Subject:
    """The entry of the watch-list, with its one reference enrolled. Raises Refused where that image was rejected."""
    today = timezone.localdate()
    subject = Subject.objects.filter(record_number=RECORD_NUMBER).first()
    if subject is None:
        subject = subject_create(
            actor=steward,
            name="Eileen Collins",
            record_number=RECORD_NUMBER,
            category=Category.MISSING,
            legal_basis=LegalBasis.CONSENT,
            risk=Risk.GREEN,
            instructions="Demonstration only: greet her, and ask whether she would like to see the exhibition.",
            expires_on=today + LISTED_FOR,
        )
    elif subject.expires_on < today + RENEWED_BEFORE:
        subject_update(actor=steward, subject=subject, expires_on=today + LISTED_FOR)
    if not subject.references.filter(state=ReferenceState.ENROLLED).exists():
        _enrol(steward, subject)
    return subject


@transaction.atomic
def _enrol(steward: User, subject: Subject) -> None:
    """Whole, or not at all: a photograph that is rejected would otherwise leave a reference at each start."""
    reference = reference_add(
        actor=steward,
        subject=subject,
        data=photograph().read_bytes(),
        source=ImageSource.PARTNER,
        taken_on=TAKEN_ON,
    )
    # Here and now, by the task's own code: at this point of a start the workers are not up yet.
    check_reference(reference.pk)
    reference.refresh_from_db()
    if reference.state != ReferenceState.ENROLLED:
        raise Refused("demo_rejected", f"The demo's photograph was not enrolled: {reference.reason}")


def enrol_with_other_packs(subject: Subject) -> None:
    """Where the installation has another pack than when this person was enrolled, and before any worker is up."""
    for template in Template.objects.filter(reference__subject=subject, state=TemplateState.ASKED).only("pk"):
        make_template(template.pk)


def photograph() -> Path:
    """The picture that scikit-image carries, found without importing it."""
    return next(Path(str(file.locate())) for file in files("scikit-image") or () if file.name == "astronaut.png")
