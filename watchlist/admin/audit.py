"""The hash-chained record, page by page; to check or export it there are a command and the API."""

import json

from django.contrib import admin
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from watchlist.admin.base import ReadOnlyAdmin, actor_of
from watchlist.models import AuditDetail, AuditEntry, User
from watchlist.selectors.audit import entries_for
from watchlist.selectors.deployments import deployments_of


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    viewed_as = "audit entry"
    list_display = ("seq", "at", "action", "actor_name", "deployment_name")
    list_filter = ("action",)
    date_hierarchy = "at"
    search_fields = ("=action", "=actor", "=deployment", "body")
    search_help_text = "An action, or the id of a person, deployment, subject, alert or stop."
    fields = ("seq", "at", "action", "actor_name", "deployment_name", "facts", "detail_shown", "previous", "hash")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        usernames = User.objects.annotate(text=Cast("pk", CharField())).filter(text=OuterRef("actor"))
        deployments = deployments_of(actor_of(request)).filter(pk=OuterRef("deployment"))
        return entries_for(actor_of(request)).annotate(
            username=Subquery(usernames.values("username")[:1]), held_at=Subquery(deployments.values("name")[:1])
        )

    @display(description="By")
    def actor_name(self, entry: AuditEntry) -> str:
        return getattr(entry, "username", None) or entry.actor

    @display(description="Deployment")
    def deployment_name(self, entry: AuditEntry) -> str:
        return getattr(entry, "held_at", None) or str(entry.deployment or "")

    @display(description="Facts")
    def facts(self, entry: AuditEntry) -> SafeString:
        return _pretty(json.loads(entry.body)["facts"])

    @display(description="Personal detail")
    def detail_shown(self, entry: AuditEntry) -> SafeString | str:
        if json.loads(entry.body)["detail"] is None:
            return "None was recorded"
        try:
            return _pretty(json.loads(entry.detail.text))
        except AuditDetail.DoesNotExist:
            return "Destroyed by the retention rules; its hash stays in the chain"


def _pretty(value: object) -> SafeString:
    return format_html("<pre>{}</pre>", json.dumps(value, indent=2, ensure_ascii=False))
