"""Noting that consenting staff walk past a camera, and correcting what was noted.

A note takes the deployment's lock, as a new alert does: each sees the whole of the other.
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from watchlist.errors import InvalidInput, Refused
from watchlist.events import publish
from watchlist.models import Camera, Deployment, Kind, Passage, Subject, User
from watchlist.passages import Window, window_for
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import ENDED, gate
from watchlist.selectors.gallery import listed
from watchlist.services import audit
from watchlist.services.validation import worded


@transaction.atomic
def passage_note(*, actor: User, deployment: Deployment, camera: Camera, subject: Subject, now: dt.datetime) -> Passage:
    """They pass now. Refused where frames are not looked at, or the person cannot be recognised here: such a passage
    would be missed whatever recognition is worth."""
    require(actor, Permission.PASSAGE_NOTE, deployment)
    locked = Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)
    gate(locked, now)
    _require_here(locked, camera)
    _require_staff(locked, subject, now)
    before = _standing(locked, camera, subject).order_by("-ends_at").first()
    try:
        window = window_for(now, Window(before.starts_at, before.ends_at) if before else None)
    except ValueError:
        raise Refused("noted", "This passage has been noted already: note the next one in a minute.") from None
    passage = Passage.objects.create(
        deployment=locked,
        camera=camera,
        subject=subject,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        noted_by=actor,
        noted_at=now,
    )
    publish(locked.pk, "passage.changed", passage=str(passage.pk))
    audit.record("passage.noted", actor=actor, deployment=locked, facts=_facts(passage))
    return passage


@transaction.atomic
def passage_correct(*, actor: User, passage: Passage, camera: Camera, subject: Subject, reason: str) -> Passage:
    """Another person passed, or at another camera; when they did, stays."""
    require(actor, Permission.PASSAGE_NOTE, passage.deployment)
    reason = worded(reason, field="reason", why="Say why it is corrected.")
    locked, standing = _to_change(passage)
    _require_here(locked, camera)
    _require_staff(locked, subject, standing.noted_at)
    if (standing.camera_id, standing.subject_id) == (camera.pk, subject.pk):
        raise InvalidInput("unchanged", "Nothing is changed: choose another person or camera, or strike it out.")
    overlapping = _standing(locked, camera, subject).filter(
        starts_at__lt=standing.ends_at, ends_at__gt=standing.starts_at
    )
    if overlapping.exists():
        raise Refused("noted", "That passage has been noted as well: strike this one out.")
    before = {"was_camera": standing.camera_id, "was_subject": standing.subject_id}
    standing.camera, standing.subject = camera, subject
    standing.save(update_fields=["camera", "subject"])
    publish(locked.pk, "passage.changed", passage=str(standing.pk))
    audit.record(
        "passage.corrected",
        actor=actor,
        deployment=locked,
        facts=_facts(standing) | before,
        detail={"reason": reason},
    )
    return standing


@transaction.atomic
def passage_strike(*, actor: User, passage: Passage, reason: str, now: dt.datetime) -> Passage:
    """It was none, and counts no longer; how many were struck out is shown beside the rate."""
    require(actor, Permission.PASSAGE_NOTE, passage.deployment)
    reason = worded(reason, field="reason", why="Say why it is struck out.")
    locked, standing = _to_change(passage)
    standing.struck_at, standing.struck_because = now, reason
    standing.save(update_fields=["struck_at", "struck_because"])
    publish(locked.pk, "passage.changed", passage=str(standing.pk))
    audit.record("passage.struck", actor=actor, deployment=locked, facts=_facts(standing), detail={"reason": reason})
    return standing


def _to_change(passage: Passage) -> tuple[Deployment, Passage]:
    """Both as they are, the deployment locked. Refused once it is closed: its figures are on the record."""
    locked = Deployment.objects.select_for_update(no_key=True).get(pk=passage.deployment_id)
    if locked.state in ENDED:
        raise Refused("closed", "This deployment is closed, and its figures are on the record.")
    standing = Passage.objects.get(pk=passage.pk)
    if standing.struck_at is not None:
        raise Refused("struck", "This passage has been struck out already.")
    return locked, standing


def _standing(deployment: Deployment, camera: Camera, subject: Subject) -> QuerySet[Passage]:
    return Passage.objects.filter(deployment=deployment, camera=camera, subject=subject, struck_at__isnull=True)


def _require_here(deployment: Deployment, camera: Camera) -> None:
    if camera.deployment_id != deployment.pk:
        text = "Choose one of this deployment's cameras."
        raise InvalidInput("camera", text, {"camera": [text]})


def _require_staff(deployment: Deployment, subject: Subject, when: dt.datetime) -> None:
    if not listed(deployment.pk, when).filter(subject=subject.pk, subject__kind=Kind.STAFF).exists():
        text = "Choose a consenting member of staff who is on this list, with an image that is searched."
        raise InvalidInput("subject", text, {"subject": [text]})


def _facts(passage: Passage) -> dict[str, object]:
    return {"passage": passage.pk, "camera": passage.camera_id, "subject": passage.subject_id}
