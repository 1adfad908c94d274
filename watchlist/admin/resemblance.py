"""Warnings that an image looks like somebody else's, or unlike its own: each keeps it off every list until answered."""

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
from watchlist.models import ANSWERS, Resemblance
from watchlist.permissions import Permission, allowed, require
from watchlist.selectors.look_alikes import answered_between
from watchlist.selectors.references import resemblance_for, resemblances
from watchlist.services.references import resemblance_answer


def _answers(kind: Resemblance.Kind) -> list[tuple[str, str]]:
    return [(answer.value, str(answer.label)) for answer in ANSWERS[kind]]


class TwoForm(forms.Form):
    """About two entries of the watch-list."""

    answer = ChoiceField(
        ask="Choose an answer",
        choices=_answers(Resemblance.Kind.LOOK_ALIKE),
        label="Do both pictures show one person?",
    )
    reason = ReasonField(label="What does the answer rest on?")
    marks = ReasonField(required=False)
    other_marks = ReasonField(
        required=False,
        help_text="A scar, the ears, the height. Operators and officers are shown both when one of the two alerts, "
        "and not who the other is: write no names.",
    )


class MisfitForm(forms.Form):
    """About an entry's own images."""

    answer = ChoiceField(
        ask="Choose an answer",
        choices=_answers(Resemblance.Kind.MISFIT),
        label="Does the new image show this person?",
        help_text="Of several images listed before, the last answer withdraws the one that stands second above.",
    )
    reason = ReasonField(label="What does the answer rest on?")


class AnswerPage(FormPage):
    template_name = "admin/watchlist/answer_page.html"
    title = "Answer the warning about {name}"
    submit = "Answer"
    done = "The warning is answered."
    viewed_as = "resemblance"
    target: Resemblance

    def find(self, pk: int) -> Resemblance:
        require(self.actor, Permission.SUBJECT_EDIT)
        return resemblance_for(self.actor, pk)

    def get_form_class(self) -> type[forms.Form]:
        return MisfitForm if self.target.kind == Resemblance.Kind.MISFIT else TwoForm

    def get_form(self, form_class: type[forms.Form] | None = None) -> forms.Form:
        form = super().get_form(form_class)
        for field, reference in (("marks", self.target.reference), ("other_marks", self.target.other)):
            if field in form.fields:
                form.fields[field].label = f"If they are two: by what is {reference.subject.name} recognised?"
        return form

    def name(self) -> str:
        if self.target.kind == Resemblance.Kind.MISFIT:
            return str(self.target.reference.subject)
        return f"{self.target.reference.subject} and {self.target.other.subject}"

    def perform(self, fields: dict[str, Any]) -> None:
        resemblance_answer(actor=self.actor, resemblance=self.target, **fields)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(answered_before=answered_between(self.target), **kwargs)


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
    list_display = ("new_subject", "other_subject", "kind", "measured", "state", "noticed_at")
    list_filter = (AnsweredFilter, "kind")
    fieldsets = (
        ("The images", {"fields": ("pair",)}),
        (None, {"fields": ("kind", "measured", "state", "noticed_at")}),
        ("The answer", {"fields": ("reason", "marks", "other_marks", "answered_by", "answered_at")}),
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

    @display(description="Held against", ordering="other__subject__name")
    def other_subject(self, resemblance: Resemblance) -> str:
        own = resemblance.kind == Resemblance.Kind.MISFIT
        return "Their own images" if own else str(resemblance.other.subject)

    @display(description="Measured")
    def measured(self, resemblance: Resemblance) -> str:
        return render_to_string("admin/watchlist/measured.html", {"warning": resemblance}).strip()

    @display(description="State", label={"Answer needed": "danger"})
    def state(self, resemblance: Resemblance) -> str:
        return resemblance.get_answer_display() or "Answer needed"

    @display(description="Portraits")
    def pair(self, resemblance: Resemblance) -> SafeString:
        return render_to_string("admin/watchlist/resemblance_pair.html", {"warning": resemblance})
