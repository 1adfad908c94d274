"""The watch-list: who is sought, why, and their images."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from watchlist.admin.add_images import AddImages
from watchlist.admin.base import PageAction, ServiceAdmin, actor_of
from watchlist.admin.consent import WithdrawConsent
from watchlist.admin.subject_images import ClearRejected, images_context, subject_images_view
from watchlist.models import Kind, ReferenceState, Subject
from watchlist.permissions import Permission, allowed
from watchlist.services.staff import staff_create, staff_update
from watchlist.services.subjects import subject_create, subject_update


class SubjectForm(forms.ModelForm):
    class Meta:
        model = Subject
        fields = (
            "name",
            "record_number",
            "category",
            "justification",
            "legal_basis",
            "risk",
            "instructions",
            "expires_on",
        )
        widgets = {
            "justification": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "instructions": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        }


class StaffForm(forms.ModelForm):
    class Meta:
        model = Subject
        fields = ("name", "record_number", "consented_on", "expires_on")
        help_texts = {
            "name": "As operators will read it on the button that they press when the person passes.",
            "record_number": "Your reference for this person, such as a staff number.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "consented_on" in self.fields:  # not where the page is only read
            self.fields["consented_on"].required = True


@admin.register(Subject)
class SubjectAdmin(ServiceAdmin):
    form = SubjectForm
    viewed_as = "subject"
    list_viewed_as = "subject list"
    change_form_outer_after_template = "admin/watchlist/subject_after.html"
    list_before_template = "admin/watchlist/subjects_before.html"
    list_display = ("name", "record_number", "why", "risk", "images", "warnings", "expiry")
    list_filter = ("kind", "category", "risk", "legal_basis")
    search_fields = ("name", "record_number")
    fieldsets = (
        (None, {"fields": ("name", "record_number")}),
        ("Why", {"fields": ("category", "justification", "legal_basis")}),
        ("What to do", {"fields": ("risk", "instructions", "expires_on")}),
    )
    staff_fieldsets = (
        (
            "A member of staff who consents to be recognised",
            {
                "fields": ("name", "record_number", "consented_on", "expires_on"),
                "description": "In writing, and told that they may withdraw at any time without saying why.",
            },
        ),
    )

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("<uuid:pk>/images/", "watchlist_subject_images", subject_images_view),
            ("<uuid:pk>/images/add/", "watchlist_subject_add_images", AddImages.as_view()),
            ("<uuid:pk>/withdraw/", "watchlist_subject_withdraw", WithdrawConsent.as_view()),
            ("<uuid:pk>/images/clear/", "watchlist_subject_clear_rejected", ClearRejected.as_view()),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subject]:
        enrolled = Q(references__state=ReferenceState.ENROLLED)
        unanswered = Q(references__resemblances__answer="")
        return (
            super()
            .get_queryset(request)
            .annotate(
                enrolled=Count("references", filter=enrolled, distinct=True),
                pending=Count("references", filter=Q(references__state=ReferenceState.PENDING), distinct=True),
                unanswered=Count("references__resemblances", filter=unanswered, distinct=True),
            )
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({"form": StaffForm} if _staff(request, obj) else {}), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if not _staff(request, obj):
            return super().get_fieldsets(request, obj)
        first = self.staff_fieldsets[0]
        withdrawn = obj is not None and obj.consent_withdrawn_at is not None
        return ((first[0], first[1] | {"fields": (*first[1]["fields"], *["consent_withdrawn_at"] * withdrawn)}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "consent_withdrawn_at")

    def create(self, request: HttpRequest, fields: dict[str, Any]) -> Subject:
        if _staff(request, None):
            return staff_create(actor=actor_of(request), **fields)
        return subject_create(actor=actor_of(request), **fields)

    def update(self, request: HttpRequest, obj: Subject, fields: dict[str, Any]) -> Subject:
        if obj.kind == Kind.STAFF:
            return staff_update(actor=actor_of(request), subject=obj, **fields)
        return subject_update(actor=actor_of(request), subject=obj, **fields)

    def page_actions(self, request: HttpRequest, obj: Subject) -> list[PageAction]:
        if not allowed(actor_of(request), Permission.SUBJECT_EDIT):
            return []
        add = PageAction("Add images", reverse("admin:watchlist_subject_add_images", args=[obj.pk]), "primary")
        if obj.kind == Kind.SOUGHT:
            return [add]
        if obj.consent_withdrawn_at is not None:
            return []
        url = reverse("admin:watchlist_subject_withdraw", args=[obj.pk])
        return [add, PageAction("Withdraw the consent…", url, "danger")]

    def page_context(self, request: HttpRequest, obj: Subject) -> dict[str, Any]:
        return images_context(actor_of(request), obj)

    @display(description="Listed as", ordering="category")
    def why(self, subject: Subject) -> str:
        return subject.listed_as + (" (withdrawn)" if subject.consent_withdrawn_at else "")

    @display(description="Images")
    def images(self, subject: Any) -> str:
        checked = f"{subject.enrolled} enrolled"
        return f"{checked}, {subject.pending} being checked" if subject.pending else checked

    @display(description="Warnings", label={"Answer needed": "danger"})
    def warnings(self, subject: Any) -> str:
        return "Answer needed" if subject.unanswered else "None"

    @display(description="Searched until", ordering="expires_on")
    def expiry(self, subject: Subject) -> str:
        day = f"{subject.expires_on:%-d %B %Y}"
        return f"{day} (expired)" if subject.expires_on < timezone.localdate() else day


def _staff(request: HttpRequest, subject: Subject | None) -> bool:
    """Whether the page is about consenting staff: the one whom it shows, or whom it is to enter."""
    return request.GET.get("kind") == Kind.STAFF if subject is None else subject.kind == Kind.STAFF
