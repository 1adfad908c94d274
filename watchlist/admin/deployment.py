"""Deployments: applied for by a steward, approved by an authoriser; what has been approved is only read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from watchlist.admin import deployment_enrolment as enrolment
from watchlist.admin import deployment_pages as pages
from watchlist.admin import promise_pages
from watchlist.admin.base import PageAction, ServiceAdmin, actor_of
from watchlist.admin.deployment_parts import CameraInline, EntryInline, MemberInline, ProposalInline
from watchlist.admin.fields import CategoriesField, PackField, TextField
from watchlist.admin.window import as_meant, as_typed, window_text
from watchlist.calibration import ONE_IN
from watchlist.models import Category, Deployment, DeploymentState
from watchlist.models.deployment import known_time_zone
from watchlist.permissions import Permission, allowed
from watchlist.selectors.deployments import ENDED, deployments_of, list_size, staff_listed
from watchlist.selectors.proposals import open_proposals
from watchlist.selectors.stops import stop_runs
from watchlist.services.deployments import deployment_apply, deployment_update
from watchlist.services.viewing import viewed

TERMS = ("name", "place", "ground", "evidence", "purpose", "categories")
WINDOW = ("starts_at", "ends_at", "time_zone")
RULES = ("pack", "one_in", "footfall", "two_person", "seeded_staff", "alert_seconds", "quiet_seconds")


class DeploymentForm(forms.ModelForm):
    categories = CategoriesField(choices=Category.choices, label="Who may be listed")
    time_zone = TextField(initial="Europe/London", validators=[known_time_zone], label="Time zone of the window")
    pack = PackField()

    class Meta:
        model = Deployment
        fields = (*TERMS, *WINDOW, *RULES)
        widgets = {name: UnfoldAdminTextareaWidget(attrs={"rows": 3}) for name in ("evidence", "purpose")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].offer(chosen=self.instance.pack if self.instance.name else None)  # type: ignore[attr-defined]
        if self.instance.name:
            for name in WINDOW[:2]:
                self.initial[name] = as_typed(getattr(self.instance, name), self.instance)

    def clean(self) -> dict[str, Any]:
        """The window is meant by the clock of the deployment's own zone."""
        fields = super().clean() or {}
        for name in WINDOW[:2]:
            if fields.get(name) and "time_zone" in fields:
                try:
                    fields[name] = as_meant(fields[name], fields["time_zone"])
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return fields


def _guided(object_id: str | None) -> dict[str, Any]:
    found = Deployment.objects.filter(pk=object_id).only("one_in").first() if object_id else None
    return {"one_in": found.one_in if found else ONE_IN}


@admin.register(Deployment)
class DeploymentAdmin(ServiceAdmin):
    form = DeploymentForm
    inlines = (MemberInline, CameraInline, ProposalInline)
    change_form_outer_before_template = "admin/watchlist/deployment_before.html"
    change_form_outer_after_template = "admin/watchlist/threshold_guide.html"
    list_display = ("name", "place", "state_label", "window", "listed")
    list_filter = ("state",)
    search_fields = ("name", "place")
    add_fieldsets = (
        ("What for", {"fields": TERMS}),
        ("When", {"fields": WINDOW}),
        ("Rules", {"fields": RULES}),
    )
    fieldsets = (
        (None, {"fields": ("state_label", "window")}),
        *add_fieldsets,
        ("What the promise comes to", {"fields": ("comes_to",)}),
        ("Figures", {"fields": ("faces_seen", "templates_destroyed", "gallery_version")}),
        ("Authority", {"fields": ("applied_by", "applied_at", "approved_by", "approved_at", "closed_at")}),
    )
    readonly_fields = (
        "state_label",
        "window",
        "who",
        "comes_to",
        "faces_seen",
        "templates_destroyed",
        "gallery_version",
        "applied_by",
        "applied_at",
        "approved_by",
        "approved_at",
        "closed_at",
    )

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (*pages.URLS, *promise_pages.URLS, *enrolment.URLS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deployment]:
        return deployments_of(actor_of(request)).select_related("applied_by", "approved_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A draft may be changed by its steward."""
        if obj is None or not super().has_change_permission(request, obj):
            return False
        return obj.state == DeploymentState.DRAFT and allowed(actor_of(request), Permission.DEPLOYMENT_STAFF, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is only read says categories in words, and the window once, by the clock that it is meant by."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        first, what_for, _, *others = fieldsets
        return (first, (what_for[0], {"fields": (*TERMS[:-1], "who")}), *others)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """The list only for whoever may see it here: what a person is elsewhere counts for nothing."""
        if obj is None:
            return ()
        return (*self.inlines, EntryInline) if allowed(actor_of(request), Permission.LIST_VIEW, obj) else self.inlines

    def record_look(self, request: HttpRequest, obj: Deployment) -> None:
        """Of the list, which names people; the rest of the page names none."""
        if EntryInline in self.get_inlines(request, obj):
            viewed(actor=actor_of(request), what="list", pk=obj.pk, purpose="admin page", deployment=obj)

    def create(self, request: HttpRequest, fields: dict[str, Any]) -> Deployment:
        return deployment_apply(actor=actor_of(request), **fields)

    def update(self, request: HttpRequest, obj: Deployment, fields: dict[str, Any]) -> Deployment:
        return deployment_update(actor=actor_of(request), deployment=obj, **fields)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """With what the guide beside the form is about: the promise as it stands, or the usual one."""
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **_guided(object_id)})

    def page_actions(self, request: HttpRequest, obj: Deployment) -> list[PageAction]:
        """In the order of a deployment's life, those that this person may use and this state has."""
        answered = [
            PageAction(label, reverse(f"admin:watchlist_proposal_{verb}", args=[proposal.pk]), "default")
            for proposal in open_proposals(obj)
            for label, verb, permission in (
                ("Agree to the looser promise", "agree", Permission.PROMISE_AGREE),
                ("Decline the looser promise", "decline", Permission.PROMISE_CHANGE),
            )
            if allowed(actor_of(request), permission, obj)
            and not (verb == "agree" and proposal.proposed_by_id == actor_of(request).pk)
        ]
        draft = obj.state == DeploymentState.DRAFT
        listing = obj.state in (DeploymentState.DRAFT, DeploymentState.APPROVED)
        running = obj.state not in ENDED
        offered = (
            ("Approve", "approve", Permission.DEPLOYMENT_APPROVE, draft, "primary"),
            ("Add person to the team", "add_member", Permission.DEPLOYMENT_STAFF, running or stop_runs(obj), "default"),
            ("Add camera", "add_camera", Permission.DEPLOYMENT_STAFF, draft, "default"),
            ("Add to the list", "add_entry", Permission.LIST_EDIT, listing, "default"),
            ("Change the promise", "promise", Permission.PROMISE_CHANGE, running, "default"),
            ("Close for good…", "close", Permission.DEPLOYMENT_CLOSE, running, "danger"),
        )
        return answered + [
            PageAction(label, reverse(f"admin:watchlist_deployment_{name}", args=[obj.pk]), variant)
            for label, name, permission, possible, variant in offered
            if possible and allowed(actor_of(request), permission, obj)
        ]

    def page_context(self, request: HttpRequest, obj: Deployment) -> dict[str, Any]:
        return enrolment.enrolment_context(actor_of(request), obj)

    @display(
        description="State",
        ordering="state",
        label={
            DeploymentState.DRAFT.label: "warning",
            DeploymentState.APPROVED.label: "info",
            DeploymentState.LIVE.label: "success",
            DeploymentState.PAUSED.label: "warning",
        },
    )
    def state_label(self, deployment: Deployment) -> str:
        return deployment.get_state_display()

    @display(description="Window", ordering="starts_at")
    def window(self, deployment: Deployment) -> str:
        return window_text(deployment)

    @display(description="Who may be listed")
    def who(self, deployment: Deployment) -> str:
        return "; ".join(Category(category).label for category in deployment.categories)

    @display(description="False alerts to expect")
    def comes_to(self, deployment: Deployment) -> SafeString:
        return mark_safe(render_to_string("_promise.html", {"deployment": deployment}))  # noqa: S308  a template escapes

    @display(description="Listed")
    def listed(self, deployment: Deployment) -> str:
        staff = staff_listed(deployment)
        return f"{list_size(deployment)} and {staff} of staff" if staff else str(list_size(deployment))
