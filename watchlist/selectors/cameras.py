"""Reading who has a deployment's cameras now."""

from dataclasses import dataclass

from watchlist.models import Camera, CameraUse, Deployment, User


@dataclass(frozen=True, slots=True)
class Place:
    """Where a camera stands, and who sends from there now."""

    camera: Camera
    used_by: User | None


def places_of(deployment: Deployment) -> list[Place]:
    """By name. While one person takes a camera over from another, the newer use counts."""
    uses = CameraUse.objects.filter(camera__deployment=deployment).select_related("user").order_by("noted_at")
    users = {use.camera_id: use.user for use in uses}
    return [Place(camera, users.get(camera.pk)) for camera in deployment.cameras.order_by("name")]
