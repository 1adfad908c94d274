"""Alerts, decisions and stops: the record of what happened, to be read and nothing else."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from watchlist.admin.base import ReadOnlyAdmin, ReadOnlyInline, actor_of
from watchlist.admin.pictures import alert_picture_view, alert_tag
from watchlist.models import Alert, Decision, Ground, Stop
from watchlist.selectors.alerts import Picture, other_images_then
from watchlist.selectors.deployments import deployments_of
from watchlist.selectors.references import SEALED


class DecisionInline(ReadOnlyInline):
    model = Decision
    fields = ("operator", "answer", "reason", "decided_at", "seconds")


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    viewed_as = "alert"
    list_viewed_as = "alert list"
    inlines = (DecisionInline,)
    list_display = ("raised_at", "deployment", "subject", "listed_as", "state", "score_shown", "sightings")
    list_filter = ("state", "seeded", "deployment")
    date_hierarchy = "raised_at"
    fieldsets = (
        (None, {"fields": ("subject", "listed_as", "deployment", "camera", "state", "pictures")}),
        ("When", {"fields": ("captured_at", "raised_at", "expires_at", "closed_at", "last_seen_at", "sightings")}),
        ("The image it rests on", {"fields": ("reference", "without_it")}),
        (
            "What the score means",
            {
                "fields": (
                    "score_shown",
                    "frames",
                    "list_size",
                    "list_version",
                    "pack",
                    "software",
                    "verified",
                    "measures",
                )
            },
        ),
    )

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (("<uuid:pk>/<str:which>.jpg", "watchlist_alert_picture", alert_picture_view),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        q = Alert.objects.filter(deployment__in=deployments_of(actor_of(request)))
        sealed = ("probe", "portrait", *(f"reference__{column}" for column in SEALED))
        return q.select_related("subject", "deployment", "camera", "reference__subject").defer(*sealed)

    @display(description="Listed as", ordering="seeded", label={"Consenting member of staff": "info"})
    def listed_as(self, alert: Alert) -> str:
        return alert.subject.listed_as

    @display(description="Score, threshold", ordering="score")
    def score_shown(self, alert: Alert) -> str:
        return f"{alert.score:.4f}, threshold {alert.threshold:.4f}"

    @display(description="Without it")
    def without_it(self, alert: Alert) -> str:
        others = other_images_then(alert).count()
        if not others:
            return "There would have been no alert: the person had no other image then."
        images = "another image" if others == 1 else f"{others} other images"
        return (
            f"Not known: the person had {images} then, and of a person only the best score is kept while they pass, "
            "not one for each image."
        )

    @display(description="Probe and reference")
    def pictures(self, alert: Alert) -> SafeString:
        shown = (Picture.PROBE_PORTRAIT, Picture.REFERENCE_PORTRAIT, Picture.PROBE, Picture.REFERENCE)
        return format_html_join(" ", "{}", ((alert_tag(alert, which, height=240),) for which in shown))

    @display(description="Second comparison")
    def verified(self, alert: Alert) -> str:
        return _pairs(alert.verification)

    @display(description="Quality")
    def measures(self, alert: Alert) -> str:
        return _pairs(alert.quality)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    viewed_as = "decision"
    list_display = ("decided_at", "alert", "operator", "answer", "seconds")
    list_filter = ("answer", "alert__deployment")
    date_hierarchy = "decided_at"
    fields = ("alert", "operator", "answer", "reason", "decided_at", "seconds")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        q = Decision.objects.filter(alert__deployment__in=deployments_of(actor_of(request)))
        return q.select_related("alert", "operator").defer("alert__probe", "alert__portrait")


@admin.register(Stop)
class StopAdmin(ReadOnlyAdmin):
    viewed_as = "stop"
    list_display = ("started_at", "deployment", "officer", "rests_on", "outcome", "minutes")
    list_filter = ("state", "outcome", "deployment")
    date_hierarchy = "started_at"
    fields = (
        "deployment",
        "officer",
        "state",
        "rests_on",
        "grounds_shown",
        "started_at",
        "ended_at",
        "minutes",
        "identity_check",
        "outcome",
        "note",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stop]:
        q = Stop.objects.filter(deployment__in=deployments_of(actor_of(request)))
        return q.select_related("deployment", "officer", "alert").defer("alert__probe", "alert__portrait")

    @display(description="Rests on")
    def rests_on(self, stop: Stop) -> str:
        return f"Alert {stop.alert_id}" if stop.alert_id else "No alert"

    @display(description="Grounds")
    def grounds_shown(self, stop: Stop) -> str:
        return "; ".join(Ground(ground).label for ground in stop.grounds)


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items()) or "None"
