"""The admin's sidebar: the groups a role works with, and nothing it may not open."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from watchlist.admin.base import actor_of
from watchlist.models import Alert, AuditEntry, Decision, Deployment, ReferenceImage, Resemblance, Stop, Subject, User
from watchlist.permissions import Permission, allowed
from watchlist.selectors.references import unanswered

# Group, then its models; each is called here as above its own list.
GROUPS: tuple[tuple[str, tuple[tuple[type[Model], str], ...]], ...] = (
    (
        "Watch-list",
        ((Subject, "person_search"), (ReferenceImage, "photo_library"), (Resemblance, "compare")),
    ),
    ("Deployments", ((Deployment, "videocam"),)),
    (
        "The record",
        ((Alert, "notifications"), (Decision, "gavel"), (Stop, "front_hand"), (AuditEntry, "history")),
    ),
    ("Organisation", ((User, "group"),)),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's SIDEBAR navigation."""
    user = actor_of(request)
    groups = []
    for title, entries in GROUPS:
        items = [
            _item(user, model, icon)
            for model, icon in entries
            if user.has_perm(f"watchlist.view_{model._meta.model_name}")
        ]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups


def _item(user: User, model: type[Model], icon: str) -> dict[str, Any]:
    item = {
        "title": capfirst(model._meta.verbose_name_plural),
        "icon": icon,
        "link": reverse(f"admin:watchlist_{model._meta.model_name}_changelist"),
    }
    answers = model is Resemblance and allowed(user, Permission.SUBJECT_EDIT)
    waiting = unanswered(user).count() if answers else 0
    return item | ({"badge": str(waiting), "badge_variant": "danger"} if waiting else {})
