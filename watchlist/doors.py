"""Which pages a person may go to: here, and outside any deployment."""

from dataclasses import dataclass

from django.urls import reverse

from watchlist.models import Deployment, User
from watchlist.permissions import ADMIN_ROLES, Permission, permissions_of, roles_of


@dataclass(frozen=True, slots=True)
class Door:
    label: str
    url: str


# Which permission opens which page of a deployment, in the order in which they stand.
DEPLOYMENT_DOORS = (
    ("Deployment", "deployment", Permission.DEPLOYMENT_VIEW),
    ("Camera", "camera", Permission.FRAMES_SEND),
    ("Alerts", "operator", Permission.ALERT_VIEW),
    ("Passages", "passages", Permission.PASSAGE_VIEW),  # where staff are listed, to be noted as they pass
    ("Officer", "officer", Permission.STOP_RECORD),
)


def doors_of(user: User, deployment: Deployment | None) -> list[Door]:
    """The pages that this person's roles open, here and outside any deployment."""
    if not user.is_authenticated:
        return []
    doors = [Door("Home", reverse("home"))]
    if deployment is not None:
        granted = permissions_of(user, deployment)
        doors += [
            Door(label, reverse(name, args=[deployment.pk]))
            for label, name, permission in DEPLOYMENT_DOORS
            if permission in granted and (name != "passages" or deployment.seeded_staff)
        ]
    if Permission.AUDIT_READ in permissions_of(user):
        doors.append(Door("Record", reverse("audit")))
    if roles_of(user) & ADMIN_ROLES:
        doors.append(Door("Admin", reverse("admin:index")))
    return doors
