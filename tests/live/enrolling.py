"""Subjects whose images the running product enrols: through the service, the signal and the worker."""

from tests.cast import Cast, make_pending, make_subject
from tests.live.waiting import wait_for
from watchlist.models import ReferenceImage, ReferenceState, Subject

ENROL_SECONDS = 60.0


def enrol(cast: Cast, *pictures: bytes) -> list[Subject]:
    """One subject for each picture, listed nowhere yet. Fails where a picture is rejected."""
    subjects = [make_subject(cast) for _ in pictures]
    for subject, picture in zip(subjects, pictures, strict=True):
        make_pending(cast, subject, picture)
    wait_for(lambda: not _pending(subjects).exists(), what="references to be checked", seconds=ENROL_SECONDS)
    return subjects


def _pending(subjects: list[Subject]):
    return ReferenceImage.objects.filter(subject__in=subjects, state=ReferenceState.PENDING)
