"""Who and what belongs to a deployment: its people, its cameras and its list, shown on its page."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from watchlist.admin.base import ReadOnlyInline, actor_of
from watchlist.models import Camera, Deployment, DeploymentState, ListEntry, Membership, Proposal
from watchlist.permissions import Permission, allowed
from watchlist.selectors.deployments import ENDED
from watchlist.selectors.searched import Awaited, entries_awaiting


class MemberInline(ReadOnlyInline):
    model = Membership
    verbose_name_plural = "Team"
    fields = ("user", "role", "added_by", "added_at")

    def get_fields(self, request: HttpRequest, obj: Deployment | None = None) -> Sequence[Any]:
        may_remove = obj is not None and allowed(actor_of(request), Permission.DEPLOYMENT_STAFF, obj)
        return (*self.fields, "removal") if may_remove else self.fields

    @display(description="")
    def removal(self, membership: Membership) -> SafeString:
        return format_html('<a href="{}">Remove</a>', reverse("admin:watchlist_member_remove", args=[membership.pk]))


class CameraInline(ReadOnlyInline):
    model = Camera
    fields = ("name", "id")

    def get_fields(self, request: HttpRequest, obj: Deployment | None = None) -> Sequence[Any]:
        draft = obj is not None and obj.state == DeploymentState.DRAFT
        may_change = draft and allowed(actor_of(request), Permission.DEPLOYMENT_STAFF, obj)
        return (*self.fields, "changes") if may_change else self.fields

    @display(description="")
    def changes(self, camera: Camera) -> SafeString:
        urls = (reverse(f"admin:watchlist_camera_{verb}", args=[camera.pk]) for verb in ("rename", "remove"))
        return format_html('<a href="{}">Rename</a> <a href="{}">Remove</a>', *urls)


class ProposalInline(ReadOnlyInline):
    model = Proposal
    verbose_name_plural = "Looser promises"
    fields = ("after", "before", "reason", "proposed_by", "proposed_at", "state", "answered_by", "answered_at")


class EntryInline(ReadOnlyInline):
    model = ListEntry
    verbose_name_plural = "List"
    per_page = 50
    fields = ("subject", "added_by", "added_at", "removed_at")

    def get_fields(self, request: HttpRequest, obj: Deployment | None = None) -> Sequence[Any]:
        may_remove = obj is not None and allowed(actor_of(request), Permission.LIST_EDIT, obj)
        searching = obj is not None and obj.state not in ENDED
        return (*self.fields, *["searched"] * searching, *["removal"] * may_remove)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListEntry]:
        return entries_awaiting(super().get_queryset(request)).select_related("subject", "added_by")

    @display(description="Searched for")
    def searched(self, entry: Any) -> str:
        if entry.removed_at:
            return "No longer"
        awaited = Awaited(entry.awaited)
        return f"Not until {awaited.label}" if awaited else "Yes"

    @display(description="")
    def removal(self, entry: ListEntry) -> SafeString | str:
        if entry.removed_at:
            return ""
        return format_html('<a href="{}">Remove</a>', reverse("admin:watchlist_entry_remove", args=[entry.pk]))
