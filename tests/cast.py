"""The people of the tests, and the things they make for each other through the ordinary services.

Ada authorises, Sam is the steward, Olga and Omar operate, Finn is the officer, Audrey audits, Adam administers.
Nell holds no role at all. None of them is a real person, and no picture here shows one.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from watchlist.models import (
    Alert,
    Appointment,
    Camera,
    Category,
    Deployment,
    ImageSource,
    Kind,
    LegalBasis,
    LocationGround,
    ReferenceImage,
    Risk,
    Role,
    Subject,
    User,
)
from watchlist.selectors.terms import terms_digest
from watchlist.services.alerts import VerifiedCandidate, alert_raise
from watchlist.services.deployments import (
    deployment_apply,
    deployment_approve,
    deployment_start,
)
from watchlist.services.lists import list_add
from watchlist.services.references import EnrolledReference, Resembling, reference_enrol, reference_reject
from watchlist.services.staff import staff_create
from watchlist.services.staffing import camera_add, member_add
from watchlist.services.subjects import subject_create
from watchlist.services.templates import ask, template_made
from watchlist.services.uploads import reference_add
from watchlist.services.users import appointment_add

PASSWORD = "a long enough password"
PACK = "dlib-2"
DIMENSION = 384

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Cast:
    ada: User
    sam: User
    olga: User
    omar: User
    finn: User
    audrey: User
    adam: User
    nell: User


ROLES: dict[str, Role] = {
    "ada": Role.AUTHORISER,
    "sam": Role.STEWARD,
    "olga": Role.OPERATOR,
    "omar": Role.OPERATOR,
    "finn": Role.OFFICER,
    "audrey": Role.AUDITOR,
}


def make_cast() -> Cast:
    """All eight. Adam is the first administrator, as at an installation; he appoints the others."""
    adam = make_user("adam")
    Appointment.objects.create(user=adam, role=Role.ADMINISTRATOR)
    people = {name: make_user(name) for name in ROLES}
    for name, role in ROLES.items():
        appointment_add(actor=adam, user=people[name], role=role)
    return Cast(adam=adam, nell=make_user("nell"), **people)


def make_user(username: str) -> User:
    return User.objects.create(username=username, display_name=username.capitalize(), password=_hashed_once())


@cache
def _hashed_once() -> str:
    """Hashing is slow on purpose; once is enough for all the people of all tests."""
    return make_password(PASSWORD)


def browser(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user, backend="watchlist.backends.RoleBackend")
    return client


def make_subject(cast: Cast, **fields: Any) -> Subject:
    number = next(_numbers)
    return subject_create(
        actor=cast.sam,
        **{
            "name": f"Subject {number}",
            "record_number": f"R-{number}",
            "category": Category.WANTED_BY_COURTS,
            "legal_basis": LegalBasis.WARRANT,
            "risk": Risk.AMBER,
            "instructions": "Ask for a document, then check the warrant.",
            "expires_on": timezone.localdate() + timedelta(days=30),
        }
        | fields,
    )


def make_staff(cast: Cast, **fields: Any) -> Subject:
    """A member of staff who consents, with an image that is searched."""
    number = next(_numbers)
    today = timezone.localdate()
    staff = staff_create(
        actor=cast.sam,
        **{
            "name": f"Staff {number}",
            "record_number": f"S-{number}",
            "consented_on": today,
            "expires_on": today + timedelta(days=7),
        }
        | fields,
    )
    make_reference(cast, staff)
    return staff


def make_picture(seed: int | None = None, size: tuple[int, int] = (160, 160)) -> bytes:
    """A JPEG of coloured noise: an image, and nobody's."""
    pixels = np.random.default_rng(next(_numbers) if seed is None else seed).integers(
        0, 255, (*size[::-1], 3), np.uint8
    )
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "JPEG")
    return written.getvalue()


def make_template(seed: int | None = None) -> bytes:
    """A float32 vector of unit length, as bytes; other seeds give vectors that are nearly at right angles to it."""
    vector = np.random.default_rng(next(_numbers) if seed is None else seed).normal(size=DIMENSION)
    return (vector / np.linalg.norm(vector)).astype(np.float32).tobytes()


def make_pending(cast: Cast, subject: Subject, data: bytes | None = None, file_name: str = "") -> ReferenceImage:
    return reference_add(
        actor=cast.sam,
        subject=subject,
        data=data or make_picture(),
        source=ImageSource.CUSTODY,
        taken_on=timezone.localdate() - timedelta(days=100),
        file_name=file_name,
    )


def make_rejected(cast: Cast, subject: Subject, file_name: str = "") -> ReferenceImage:
    reference = make_pending(cast, subject, file_name=file_name)
    reference_reject(reference=reference, code="no_face", reason="No face was found in it.")
    return reference


def make_reference(
    cast: Cast,
    subject: Subject,
    template: bytes | None = None,
    data: bytes | None = None,
    resemblances: Sequence[Resembling] = (),
) -> ReferenceImage:
    """An enrolled reference with the template given, without the engine having looked at a face."""
    reference = make_pending(cast, subject, data)
    reference_enrol(
        reference=reference,
        enrolled=EnrolledReference(
            image=make_picture(),
            portrait=make_picture(),
            template=template or make_template(),
            pack=PACK,
            quality={"value": 0.9},
        ),
        resemblances=list(resemblances),
    )
    reference.refresh_from_db()
    return reference


def make_template_of(reference: ReferenceImage, pack: str) -> bytes:
    """A made template of another pack, which is returned."""
    vector = make_template()
    with transaction.atomic():
        ask([reference.pk], pack)
    template_made(template=reference.templates.get(pack=pack), vector=vector)
    return vector


def make_draft(cast: Cast, **fields: Any) -> Deployment:
    """Applied for by Sam and staffed by everyone of the cast who has a role at deployments."""
    now = timezone.now()
    deployment = deployment_apply(
        actor=cast.sam,
        **{
            "name": f"Deployment {next(_numbers)}",
            "place": "Market Square",
            "ground": LocationGround.HOTSPOT,
            "evidence": "Forty thefts from shops in the last eight weeks.",
            "purpose": "To find people wanted by the courts.",
            "categories": [Category.WANTED_BY_COURTS],
            "starts_at": now - timedelta(minutes=5),
            "ends_at": now + timedelta(hours=4),
            "time_zone": "Europe/London",
            "footfall": 5000,
            "two_person": False,
        }
        | fields,
    )
    for user, role in (
        (cast.ada, Role.AUTHORISER),
        (cast.olga, Role.OPERATOR),
        (cast.omar, Role.OPERATOR),
        (cast.finn, Role.OFFICER),
    ):
        member_add(actor=cast.sam, deployment=deployment, user=user, role=role)
    camera_add(actor=cast.sam, deployment=deployment, name="North")
    return deployment


def make_live(cast: Cast, *subjects: Subject, threshold: float | None = None, **fields: Any) -> Deployment:
    """Approved by Ada, started by Olga, with these subjects on its list (one of its own where none is given).

    A `threshold` that no promise leads to is written into the row, past the services: for tests of what follows it.
    """
    deployment = make_draft(cast, **fields)
    for subject in subjects or (make_listed_subject(cast),):
        list_add(actor=cast.sam, deployment=deployment, subject=subject)
    approve(cast.ada, deployment)
    deployment_start(actor=cast.olga, deployment=deployment)
    if threshold is not None:
        Deployment.objects.filter(pk=deployment.pk).update(threshold=threshold)
    deployment.refresh_from_db()
    return deployment


def approve(actor: User, deployment: Deployment) -> None:
    """As it stands now: what the page says and what is approved are one."""
    deployment.refresh_from_db()
    deployment_approve(actor=actor, deployment=deployment, terms=terms_digest(deployment))


def make_listed_subject(cast: Cast, **fields: Any) -> Subject:
    subject = make_subject(cast, **fields)
    make_reference(cast, subject)
    return subject


def camera_of(deployment: Deployment) -> Camera:
    return deployment.cameras.get(name="North")


def make_candidate(deployment: Deployment, *, now: datetime, **changes: Any) -> VerifiedCandidate:
    """What recognition hands over when a face of the first person sought on the list was seen and verified."""
    entry = deployment.entries.filter(removed_at=None, subject__kind=Kind.SOUGHT).select_related("subject").first()
    assert entry is not None, "List a subject first."
    reference = entry.subject.references.filter(state="enrolled").first()
    assert reference is not None, "Enrol a reference first."
    return VerifiedCandidate(
        **{
            "camera_id": camera_of(deployment).pk,
            "subject_id": entry.subject_id,
            "reference_id": reference.pk,
            "captured_at": now - timedelta(milliseconds=300),
            "score": 0.99,
            "frames": 4,
            "list_size": 1,
            "list_version": deployment.gallery_version,
            "pack": PACK,
            "verification": {"model": "Dlib", "distance": 0.05, "threshold": 0.08},
            "quality": {"value": 0.8},
            "probe": make_picture(),
            "portrait": make_picture(),
        }
        | changes
    )


def seen(subject: Subject) -> dict[str, Any]:
    """The changes that make a candidate one of this subject."""
    return {"subject_id": subject.pk, "reference_id": subject.references.filter(state="enrolled").get().pk}


def make_alert(deployment: Deployment, *, now: datetime | None = None, **changes: Any) -> Alert:
    frozen_now = now or timezone.now()
    alert = alert_raise(make_candidate(deployment, now=frozen_now, **changes), now=frozen_now)
    assert alert is not None, "The services refused this alert."
    return alert
