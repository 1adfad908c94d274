"""What stands around every page: the server's clock, the pages this person may go to, and the emergency stop."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils import timezone

from watchlist.models import Deployment, User
from watchlist.permissions import ADMIN_ROLES, Permission, permissions_of, roles_of
from watchlist.views.acts import Act, emergency_stop_for

register = template.Library()


@dataclass(frozen=True, slots=True)
class Door:
    label: str
    url: str


# Which permission opens which page of a deployment, in the order in which they stand.
DEPLOYMENT_DOORS = (
    ("Deployment", "deployment", Permission.DEPLOYMENT_VIEW),
    ("Camera", "camera", Permission.FRAMES_SEND),
    ("Alerts", "operator", Permission.ALERT_VIEW),
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
            if permission in granted
        ]
    if Permission.AUDIT_READ in permissions_of(user):
        doors.append(Door("Record", reverse("audit")))
    if roles_of(user) & ADMIN_ROLES:
        doors.append(Door("Admin", reverse("admin:index")))
    return doors


@register.simple_tag(takes_context=True)
def doors(context: RequestContext, deployment: Any = None) -> list[Door]:
    return doors_of(context["request"].user, deployment or None)


@register.simple_tag(takes_context=True)
def emergency_stop(context: RequestContext, deployment: Deployment) -> Act | None:
    return emergency_stop_for(context["request"].user, deployment)


@register.simple_tag(takes_context=True)
def here(context: RequestContext) -> str:
    """Where a step leads back to: the page a fragment was fetched for, or the page itself if it can be asked for."""
    request = context["request"]
    own = request.get_full_path() if request.method == "GET" else ""
    return str(request.GET.get("back", own))


@register.simple_tag
def server_now() -> int:
    """Milliseconds since the epoch, by the clock that counts."""
    return int(timezone.now().timestamp() * 1000)
