"""Raising alerts: at most one stands per subject and deployment, across cameras and passages."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from watchlist import vault
from watchlist.errors import Refused, StaleState
from watchlist.events import publish
from watchlist.models import UNANSWERED, Alert, AlertState, Camera, Deployment
from watchlist.selectors.deployments import gate
from watchlist.services import audit
from watchlist.transitions import advance


@dataclass(frozen=True, slots=True)
class VerifiedCandidate:
    """A passage whose evidence and whose second comparison both say: let a person look."""

    camera_id: uuid.UUID | str
    subject_id: uuid.UUID | str
    reference_id: uuid.UUID | str
    captured_at: dt.datetime  # server time at which the frame was received
    score: float
    frames: int
    list_size: int
    list_version: int
    pack: str
    verification: dict[str, Any]
    quality: dict[str, Any]
    probe: bytes  # JPEG
    portrait: bytes  # JPEG


def alert_raise(candidate: VerifiedCandidate, *, now: dt.datetime) -> Alert | None:
    """The new alert; None where the sighting was counted on one that stands or that was seen within the quiet time,
    and where the deployment no longer looks for this person."""
    camera = Camera.objects.select_related("deployment").get(pk=candidate.camera_id)
    deployment = camera.deployment
    try:
        gate(deployment, now)
    except Refused:
        return None
    if not deployment.entries.filter(subject_id=candidate.subject_id, removed_at__isnull=True).exists():
        return None
    if _sighted(deployment, candidate):
        return None
    try:
        return _raise(camera, candidate, now)
    except IntegrityError:
        # Another camera's candidate was first; its alert is the one that stands.
        _sighted(deployment, candidate)
        return None


@transaction.atomic
def _sighted(deployment: Deployment, candidate: VerifiedCandidate) -> bool:
    quiet_since = candidate.captured_at - dt.timedelta(seconds=deployment.quiet_seconds)
    latest = (
        Alert.objects.filter(deployment=deployment, subject_id=candidate.subject_id)
        .order_by("-last_seen_at")
        .only("pk", "state", "last_seen_at")
        .first()
    )
    if latest is None or (latest.state not in UNANSWERED and latest.last_seen_at < quiet_since):
        return False
    Alert.objects.filter(pk=latest.pk).update(
        sightings=F("sightings") + 1, last_seen_at=Greatest(F("last_seen_at"), candidate.captured_at)
    )
    publish(deployment.pk, "alert.changed", alert=str(latest.pk), state=latest.state)
    audit.record(
        "alert.sighted",
        actor=None,
        deployment=deployment,
        facts={"alert": latest.pk, "camera": candidate.camera_id, "score": round(candidate.score, 4)},
    )
    return True


@transaction.atomic
def _raise(camera: Camera, candidate: VerifiedCandidate, now: dt.datetime) -> Alert:
    deployment = camera.deployment
    alert = Alert(
        deployment=deployment,
        camera=camera,
        subject_id=candidate.subject_id,
        reference_id=candidate.reference_id,
        captured_at=candidate.captured_at,
        raised_at=now,
        expires_at=now + dt.timedelta(seconds=deployment.alert_seconds),
        last_seen_at=candidate.captured_at,
        score=candidate.score,
        threshold=deployment.threshold,
        frames=candidate.frames,
        list_size=candidate.list_size,
        list_version=candidate.list_version,
        pack=candidate.pack,
        software=settings.LFR_VERSION,
        verification=candidate.verification,
        quality=candidate.quality,
    )
    key = vault.deployment_key(deployment.pk)
    alert.probe = vault.seal(candidate.probe, key=key, context=vault.place(alert, "probe"))
    alert.portrait = vault.seal(candidate.portrait, key=key, context=vault.place(alert, "portrait"))
    alert.save(force_insert=True)
    publish(deployment.pk, "alert.raised", alert=str(alert.pk), captured_at=candidate.captured_at.isoformat())
    audit.record(
        "alert.raised",
        actor=None,
        deployment=deployment,
        facts={
            "alert": alert.pk,
            "camera": camera.pk,
            "subject": alert.subject_id,
            "reference": alert.reference_id,
            "captured_at": candidate.captured_at,
            "score": round(candidate.score, 4),
            "threshold": deployment.threshold,
            "frames": candidate.frames,
            "list_size": candidate.list_size,
            "list_version": candidate.list_version,
            "pack": candidate.pack,
            "software": settings.LFR_VERSION,
            "verification": candidate.verification,
        },
    )
    return alert


def alerts_expire(*, now: dt.datetime) -> int:
    """Lets every alert that nobody answered in time expire as no action. Returns how many."""
    due = Alert.objects.filter(state__in=UNANSWERED, expires_at__lte=now).only("pk", "state", "deployment_id")
    return sum(_expire(alert, now, "unanswered") for alert in due)


def alerts_expire_at_close(deployment: Deployment) -> int:
    """Part of closing: what is still open can no longer be acted upon. The closing entry on the record counts them."""
    now = timezone.now()
    expired = Alert.objects.filter(deployment=deployment, state__in=UNANSWERED)
    ids = list(expired.values_list("pk", flat=True))
    expired.update(state=AlertState.EXPIRED, closed_at=now)
    for pk in ids:
        publish(deployment.pk, "alert.changed", alert=str(pk), state=AlertState.EXPIRED)
    return len(ids)


def _expire(alert: Alert, now: dt.datetime, why: str) -> bool:
    try:
        with transaction.atomic():
            advance(alert, AlertState.EXPIRED, closed_at=now)
            publish(alert.deployment_id, "alert.changed", alert=str(alert.pk), state=alert.state)
            audit.record(
                "alert.expired",
                actor=None,
                deployment=alert.deployment_id,
                facts={"alert": alert.pk, "why": why, "result": "no_action"},
            )
    except StaleState:
        return False  # an operator answered at the last moment
    return True
