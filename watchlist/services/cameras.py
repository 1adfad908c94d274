"""When each camera was watched, by whom, and how completely: the start and end of every use is on the record."""

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from watchlist.errors import NotFound
from watchlist.models import Camera, CameraUse, User
from watchlist.services import audit

# A connection says every five seconds that it stands; long enough for a database that is started again.
LOST_AFTER = dt.timedelta(seconds=60)


class Ending(StrEnum):
    """How a use ended."""

    CLOSED = "closed"  # its connection, by whichever side
    LOST = "lost"  # the server stopped before it could say so; the figures are those it had noted last


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one connection of a camera."""

    seconds: float = 0.0
    watched_seconds: float = 0.0
    gaps: int = 0  # times it stopped being watched while it was connected
    frames: int = 0
    results: int = 0
    dropped: int = 0


@transaction.atomic
def camera_connected(*, actor: User, camera: Camera, now: dt.datetime) -> CameraUse:
    """The use that begins. NotFound where the camera has been removed meanwhile."""
    # Locked here, not when the commit checks the reference: nothing may wait for a row while it has the record's lock.
    if not Camera.objects.select_for_update(no_key=True).filter(pk=camera.pk).exists():
        raise NotFound("no_camera", "This camera has been removed.")
    use = CameraUse.objects.create(camera=camera, user=actor, noted_at=now, coverage=asdict(Coverage()))
    audit.record(
        "camera.connected",
        actor=actor,
        deployment=camera.deployment_id,
        facts={"camera": camera.pk, "use": use.pk},
    )
    return use


def camera_watched(*, use: CameraUse, coverage: Coverage, now: dt.datetime) -> bool:
    """Notes that the use goes on, and what is known of it. False where it has been given up as lost."""
    return bool(CameraUse.objects.filter(pk=use.pk).update(noted_at=now, coverage=asdict(coverage)))


@transaction.atomic
def camera_disconnected(*, use: CameraUse, coverage: Coverage) -> None:
    """The end of the use, recorded once however often it is told."""
    use.coverage = asdict(coverage)
    _end(use, CameraUse.objects.filter(pk=use.pk), ending=Ending.CLOSED, actor=use.user)


def cameras_end_lost(*, now: dt.datetime) -> int:
    """Ends every use of which nothing has been heard for a while. Returns how many."""
    lost = CameraUse.objects.filter(noted_at__lte=now - LOST_AFTER)
    ended = 0
    for use in lost.select_related("camera"):
        with transaction.atomic():
            ended += _end(use, lost.filter(pk=use.pk), ending=Ending.LOST, actor=None)
    return ended


def _end(use: CameraUse, row: QuerySet[CameraUse], *, ending: Ending, actor: User | None) -> bool:
    """Whoever takes the row away records the end."""
    deleted, _ = row.delete()
    if not deleted:
        return False
    audit.record(
        "camera.disconnected",
        actor=actor,
        deployment=use.camera.deployment_id,
        facts={"camera": use.camera_id, "use": use.pk, "ending": ending, **use.coverage},
    )
    return True
