"""Warnings that an image looks like somebody else's: each keeps it off every list until a person has answered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.decorators import display

from watchlist.admin.base import PageAction, ReadOnlyAdmin, actor_of
from watchlist.admin.fields import ChoiceField, ReasonField
from watchlist.admin.form_page import FormPage
from watchlist.models import ReferenceImage, Resemblance
from watchlist.permissions import Permission, allowed, require
from watchlist.selectors.references import resemblance_for, resemblances
from watchlist.services.references import resemblance_answer


class AnswerForm(forms.Form):
    answer = ChoiceField(
        ask="Choose an answer", choices=Resemblance.Answer.choices, label="Do both pictures show one person?"
    )
    reason = ReasonField(label="What does the answer rest on?")


class AnswerPage(FormPage):
    form_class = AnswerForm
    template_name = "admin/watchlist/answer_page.html"
    title = "Answer the warning about {name}"
    submit = "Answer"
    done = "The warning is answered."
    viewed_as = "resemblance"
    target: Resemblance

    def find(self, pk: int) -> Resemblance:
        require(self.actor, Permission.SUBJECT_EDIT)
        return resemblance_for(self.actor, pk)

    def name(self) -> str:
        return f"{self.target.reference.subject} and {self.target.other.subject}"

    def perform(self, fields: dict[str, Any]) -> None:
        resemblance_answer(actor=self.actor, resemblance=self.target, answer=fields["answer"], reason=fields["reason"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sides=sides(self.target), **kwargs)


class AnsweredFilter(admin.SimpleListFilter):
    title = "answer"
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Answer needed"), ("yes", "Answered")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Resemblance]) -> QuerySet[Resemblance]:
        match self.value():
            case "no":
                return queryset.filter(answer="")
            case "yes":
                return queryset.exclude(answer="")
            case _:
                return queryset


@admin.register(Resemblance)
class ResemblanceAdmin(ReadOnlyAdmin):
    viewed_as = "resemblance"
    list_viewed_as = "resemblance list"
    list_display = ("new_subject", "other_subject", "kind", "score_shown", "state", "noticed_at")
    list_filter = (AnsweredFilter, "kind")
    fieldsets = (
        ("The two images", {"fields": ("pair",)}),
        (None, {"fields": ("kind", "score_shown", "state", "noticed_at")}),
        ("The answer", {"fields": ("reason", "answered_by", "answered_at")}),
    )

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (("<int:pk>/answer/", "watchlist_resemblance_answer", AnswerPage.as_view()),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resemblance]:
        return resemblances()

    def page_actions(self, request: HttpRequest, obj: Resemblance) -> list[PageAction]:
        if obj.answer or not allowed(actor_of(request), Permission.SUBJECT_EDIT):
            return []
        return [PageAction("Answer", reverse("admin:watchlist_resemblance_answer", args=[obj.pk]), "primary")]

    @display(description="New image of", ordering="reference__subject__name")
    def new_subject(self, resemblance: Resemblance) -> str:
        return str(resemblance.reference.subject)

    @display(description="Resembles", ordering="other__subject__name")
    def other_subject(self, resemblance: Resemblance) -> str:
        return str(resemblance.other.subject)

    @display(description="Similarity")
    def score_shown(self, resemblance: Resemblance) -> str:
        return "Identical file" if resemblance.score is None else f"{resemblance.score:.3f}"

    @display(description="State", label={"Answer needed": "danger"})
    def state(self, resemblance: Resemblance) -> str:
        return resemblance.get_answer_display() or "Answer needed"

    @display(description="Portraits")
    def pair(self, resemblance: Resemblance) -> SafeString:
        return render_to_string("admin/watchlist/resemblance_pair.html", {"sides": sides(resemblance)})


def sides(resemblance: Resemblance) -> list[tuple[str, ReferenceImage]]:
    """What each picture of the pair is, and whose."""
    return [("New image", resemblance.reference), ("Already listed", resemblance.other)]
