"""Raising alerts, at most one standing per subject and deployment across cameras and passages; and letting them expire.

Whatever locks rows here and in the other services takes them in one order, so that no two wait for each other: subject,
reference, list entry, deployment, template, camera, alert, and the record's lock last.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from watchlist import vault
from watchlist.errors import Refused, StaleState
from watchlist.events import publish
from watchlist.models import UNANSWERED, Alert, AlertState, Camera, Deployment, Kind, StaffSighting, Subject
from watchlist.selectors.deployments import gate
from watchlist.selectors.gallery import sought
from watchlist.services import audit
from watchlist.transitions import advance


class Cause(StrEnum):
    """Why an alert ended without an answer. Each means: no action."""

    UNANSWERED = "unanswered"
    CLOSED = "closed"  # the deployment
    DELISTED = "delisted"  # the person sought
    WITHDRAWN = "withdrawn"  # the image it rests on


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


@transaction.atomic
def alert_raise(candidate: VerifiedCandidate, *, now: dt.datetime) -> Alert | None:
    """The new alert; None where the sighting was counted on one that stands or that was seen within the quiet time,
    and where the deployment no longer looks for this person with this image, or not with this pack.

    An alert whose time is over ends here, should the clock be late.
    """
    camera = Camera.objects.get(pk=candidate.camera_id)
    if not _locked(sought(camera.deployment_id, candidate.subject_id, candidate.reference_id, now)):
        return None
    if not _locked(camera.deployment.entries.filter(subject_id=candidate.subject_id, removed_at__isnull=True)):
        return None
    # Until the commit nobody closes or pauses the deployment, and no other camera raises the same person.
    deployment = Deployment.objects.select_for_update(no_key=True).get(pk=camera.deployment_id)
    if candidate.pack != deployment.pack:  # its score is held against a threshold of another pack
        return None
    try:
        gate(deployment, now)
    except Refused:
        return None
    earlier = Alert.objects.filter(deployment=deployment, subject_id=candidate.subject_id)
    # Nobody can answer them any more, and a sighting counted on them would be seen by nobody.
    overdue = end_unanswered(earlier.filter(expires_at__lte=now), now=now)
    seeded = Subject.objects.filter(pk=candidate.subject_id, kind=Kind.STAFF).exists()
    alert = None if _sighted(earlier, candidate, deployment) else _raise(deployment, candidate, seeded, now)
    if seeded:
        _note_staff(deployment, candidate, alert)
    record_ended(overdue, Cause.UNANSWERED)
    if alert is not None:
        _record_raised(alert)
    return alert


def _locked(rows: QuerySet[Any]) -> bool:
    """Whether the row is there, kept as it is until the commit: a removal waits, or has been."""
    return rows.select_for_update(of=("self",), no_key=True).only("pk").first() is not None


def _sighted(alerts: QuerySet[Alert], candidate: VerifiedCandidate, deployment: Deployment) -> bool:
    """Counts the sighting where an alert stands or was seen just now.

    The record does not say when or by which camera: that would be a trail of someone's movements.
    """
    alerts = alerts.only("pk", "state", "seeded", "deployment_id")
    quiet_since = candidate.captured_at - dt.timedelta(seconds=deployment.quiet_seconds)
    standing = alerts.filter(state__in=UNANSWERED).first()
    counted = standing or alerts.filter(last_seen_at__gte=quiet_since).order_by("-last_seen_at").first()
    if counted is None:
        return False
    Alert.objects.filter(pk=counted.pk).update(
        sightings=F("sightings") + 1, last_seen_at=Greatest(F("last_seen_at"), candidate.captured_at)
    )
    tell_changed(counted)
    return True


def _note_staff(deployment: Deployment, candidate: VerifiedCandidate, alert: Alert | None) -> None:
    """Of consenting staff every verified candidate counts as a recognition, also one that raises no alert."""
    StaffSighting.objects.create(
        deployment=deployment,
        camera_id=candidate.camera_id,
        subject_id=candidate.subject_id,
        alert=alert,
        captured_at=candidate.captured_at,
    )


def _raise(deployment: Deployment, candidate: VerifiedCandidate, seeded: bool, now: dt.datetime) -> Alert:
    alert = Alert(
        deployment=deployment,
        camera_id=candidate.camera_id,
        subject_id=candidate.subject_id,
        reference_id=candidate.reference_id,
        seeded=seeded,
        captured_at=candidate.captured_at,
        raised_at=now,
        expires_at=now + dt.timedelta(seconds=deployment.alert_seconds),
        last_seen_at=candidate.captured_at,
        score=candidate.score,
        threshold=deployment.threshold_in_force,
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
    return alert


def _record_raised(alert: Alert) -> None:
    audit.record(
        "alert.raised",
        actor=None,
        deployment=alert.deployment_id,
        facts={
            "alert": alert.pk,
            "camera": alert.camera_id,
            "subject": alert.subject_id,
            "reference": alert.reference_id,
            "seeded": alert.seeded,
            "captured_at": alert.captured_at,
            "score": round(alert.score, 4),
            "threshold": alert.threshold,
            "frames": alert.frames,
            "list_size": alert.list_size,
            "list_version": alert.list_version,
            "pack": alert.pack,
            "software": alert.software,
            "verification": alert.verification,
            "quality": alert.quality,
        },
    )


def alerts_expire(*, now: dt.datetime) -> int:
    """Lets every alert that nobody answered in time expire as no action. Returns how many."""
    due = Alert.objects.filter(state__in=UNANSWERED, expires_at__lte=now)
    return sum(_expire(alert, now) for alert in due.only("pk", "state", "seeded", "deployment_id"))


def _expire(alert: Alert, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            _end(alert, now)
            record_ended([alert], Cause.UNANSWERED)
    except StaleState:
        return False  # an operator answered at the last moment
    return True


def end_unanswered(alerts: QuerySet[Alert], *, now: dt.datetime) -> list[Alert]:
    """Part of what another service does: nobody can act on these any more. Its record ends with `record_ended`."""
    unanswered = alerts.filter(state__in=UNANSWERED).order_by("pk").only("pk", "state", "seeded", "deployment_id")
    ended = list(unanswered.select_for_update(no_key=True))
    for alert in ended:
        _end(alert, now)
    return ended


def record_ended(alerts: Iterable[Alert], cause: Cause) -> None:
    """One entry for each, so that whoever follows an alert through the record finds its end."""
    for alert in alerts:
        audit.record(
            "alert.expired",
            actor=None,
            deployment=alert.deployment_id,
            facts={"alert": alert.pk, "why": cause, "result": "no_action"},
        )


def _end(alert: Alert, now: dt.datetime) -> None:
    advance(alert, AlertState.EXPIRED, closed_at=now)
    tell_changed(alert)


def tell_changed(alert: Alert) -> None:
    """Part of what another service does. Where it is on staff, that is said once it is confirmed, and keeps officers
    from being told."""
    tag = {"seeded": True} if alert.seeded and alert.state == AlertState.CONFIRMED else {}
    publish(alert.deployment_id, "alert.changed", alert=str(alert.pk), state=alert.state, **tag)
