"""When each camera was watched, by whom, and how completely: the start and end of every use is on the record."""

from dataclasses import asdict, dataclass

from django.db import transaction

from watchlist.models import Camera, User
from watchlist.services import audit


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one connection of a camera."""

    seconds: float
    watched_seconds: float
    gaps: int  # times it stopped being watched while it was connected
    frames: int
    results: int
    dropped: int


@transaction.atomic
def camera_connected(*, actor: User, camera: Camera) -> None:
    audit.record("camera.connected", actor=actor, deployment=camera.deployment_id, facts={"camera": camera.pk})


@transaction.atomic
def camera_disconnected(*, actor: User, camera: Camera, coverage: Coverage) -> None:
    audit.record(
        "camera.disconnected",
        actor=actor,
        deployment=camera.deployment_id,
        facts={"camera": camera.pk, **asdict(coverage)},
    )
