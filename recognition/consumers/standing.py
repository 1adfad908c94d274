"""How does a camera's deployment stand? What its socket needs to know, in one look at the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from watchlist.errors import Refused
from watchlist.selectors.deployments import gate, list_size, watched_camera


@dataclass(frozen=True, slots=True)
class Standing:
    refusal: Refused | None  # None: frames are taken
    faces_seen: int
    list_size: int  # people

    def status(self, *, dropped: int) -> dict[str, Any]:
        return {
            "type": "status",
            "state": self.refusal.code if self.refusal else "live",
            "message": self.refusal.message if self.refusal else "",
            "faces_seen": self.faces_seen,
            "list_size": self.list_size,
            "dropped": dropped,
        }


def standing_of(camera_id: UUID) -> Standing:
    """Raises NotFound where the camera has been removed."""
    deployment = watched_camera(camera_id).deployment
    try:
        gate(deployment, timezone.now())
    except Refused as error:
        refusal: Refused | None = error
    else:
        refusal = None
    return Standing(refusal, deployment.faces_seen, list_size(deployment))
