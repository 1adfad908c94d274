"""Reference images: what became of each, and taking one off the lists."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.decorators import display

from watchlist.admin.base import PageAction, ReadOnlyAdmin, actor_of
from watchlist.admin.fields import ReasonField
from watchlist.admin.form_page import FormPage
from watchlist.admin.pictures import reference_picture_view, reference_tag
from watchlist.models import ReferenceImage, ReferenceState, Template, TemplateState
from watchlist.permissions import Permission, allowed, require
from watchlist.selectors.references import file_name, reference_for, references
from watchlist.services.references import reference_withdraw

STATE_LABELS = {
    ReferenceState.PENDING.label: "info",
    ReferenceState.ENROLLED.label: "success",
    ReferenceState.REJECTED.label: "danger",
    ReferenceState.WITHDRAWN.label: "warning",
}


class WithdrawForm(forms.Form):
    reason = ReasonField(label="Why is the image withdrawn?")


class Withdraw(FormPage):
    form_class = WithdrawForm
    title = "Withdraw this image: {name}"
    submit = "Withdraw and destroy"
    done = "The image is withdrawn from every list and destroyed."
    viewed_as = "reference"
    target: ReferenceImage

    def find(self, pk: UUID) -> ReferenceImage:
        require(self.actor, Permission.SUBJECT_EDIT)
        return reference_for(self.actor, pk)

    def perform(self, fields: dict[str, Any]) -> None:
        reference_withdraw(actor=self.actor, reference=self.target, reason=fields["reason"])


@admin.register(ReferenceImage)
class ReferenceImageAdmin(ReadOnlyAdmin):
    viewed_as = "reference"
    list_viewed_as = "reference list"
    list_display = ("subject", "file", "source", "taken_on", "state_label", "reason", "added_at")
    list_filter = ("state", "source")
    search_fields = ("subject__name", "subject__record_number")
    ordering = ("-added_at",)
    fieldsets = (
        (None, {"fields": ("subject", "file", "source", "taken_on", "state_label", "reason")}),
        ("Pictures", {"fields": ("picture", "portrait_picture")}),
        ("The check", {"fields": ("checked_at", "packs", "measures")}),
        ("Added", {"fields": ("added_by", "added_at")}),
    )

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("<uuid:pk>/<str:which>.jpg", "watchlist_referenceimage_picture", reference_picture_view),
            ("<uuid:pk>/withdraw/", "watchlist_referenceimage_withdraw", Withdraw.as_view()),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReferenceImage]:
        return references().order_by("-added_at")

    def page_actions(self, request: HttpRequest, obj: ReferenceImage) -> list[PageAction]:
        gone = obj.state in (ReferenceState.REJECTED, ReferenceState.WITHDRAWN)
        if gone or not allowed(actor_of(request), Permission.SUBJECT_EDIT):
            return []
        return [PageAction("Withdraw", reverse("admin:watchlist_referenceimage_withdraw", args=[obj.pk]), "danger")]

    @display(description="File")
    def file(self, reference: ReferenceImage) -> str:
        return file_name(reference)

    @display(description="State", label=STATE_LABELS)
    def state_label(self, reference: ReferenceImage) -> str:
        return reference.get_state_display()

    @display(description="Image")
    def picture(self, reference: ReferenceImage) -> SafeString | str:
        return _picture(reference, "image", height=320)

    @display(description="Portrait")
    def portrait_picture(self, reference: ReferenceImage) -> SafeString | str:
        return _picture(reference, "portrait", height=160)

    @display(description="Enrolled with")
    def packs(self, reference: ReferenceImage) -> str:
        return "; ".join(map(_standing, reference.templates.defer("vector"))) or "Nothing"

    @display(description="Quality")
    def measures(self, reference: ReferenceImage) -> SafeString:
        return render_to_string("admin/watchlist/quality.html", {"quality": reference.quality})


def _standing(template: Template) -> str:
    if template.state == TemplateState.MADE:
        return template.pack
    words = template.get_state_display().lower()
    return f"{template.pack} ({words}{f': {template.reason}' if template.reason else ''})"


def _picture(reference: ReferenceImage, which: str, *, height: int) -> SafeString | str:
    """Only what has passed the check is shown: before that it may be anything."""
    return reference_tag(reference, which, height=height) if reference.state == ReferenceState.ENROLLED else "None"
