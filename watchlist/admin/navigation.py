"""The admin's sidebar: the groups a role works with, and nothing it may not open."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from watchlist.admin.base import actor_of
from watchlist.models import User
from watchlist.permissions import Permission, allowed
from watchlist.selectors.references import unanswered

# Group, then (title, icon, model).
GROUPS = (
    (
        "Watch-list",
        (
            ("People sought", "person_search", "subject"),
            ("Images", "photo_library", "referenceimage"),
            ("Resemblances", "compare", "resemblance"),
        ),
    ),
    ("Deployments", (("Deployments", "videocam", "deployment"),)),
    (
        "The record",
        (
            ("Alerts", "notifications", "alert"),
            ("Decisions", "gavel", "decision"),
            ("Stops", "front_hand", "stop"),
            ("Audit log", "history", "auditentry"),
        ),
    ),
    ("Organisation", (("People and roles", "group", "user"),)),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's SIDEBAR navigation."""
    user = actor_of(request)
    groups = []
    for title, entries in GROUPS:
        items = [
            _item(user, label, icon, model)
            for label, icon, model in entries
            if user.has_perm(f"watchlist.view_{model}")
        ]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups


def _item(user: User, label: str, icon: str, model: str) -> dict[str, Any]:
    item = {"title": label, "icon": icon, "link": reverse(f"admin:watchlist_{model}_changelist")}
    answers = model == "resemblance" and allowed(user, Permission.SUBJECT_EDIT)
    waiting = unanswered(user).count() if answers else 0
    return item | ({"badge": str(waiting), "badge_variant": "danger"} if waiting else {})
