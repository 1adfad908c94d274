"""A subject's images alone: what its page shows, and fetches anew while some of them are being checked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from unfold.admin import ModelAdmin

from watchlist.admin.base import actor_of, as_http_error
from watchlist.admin.form_page import FormPage
from watchlist.errors import WatchlistError
from watchlist.models import ReferenceImage, ReferenceState, Subject, User
from watchlist.permissions import Permission, allowed, require
from watchlist.selectors.look_alikes import known_pairs
from watchlist.selectors.references import file_name, references_of
from watchlist.selectors.subjects import subject_for
from watchlist.services.references import references_clear_rejected


@dataclass(frozen=True, slots=True)
class Named:
    """An image that has no picture to show, or not yet: known by its file's name."""

    pk: UUID
    name: str
    reason: str


@require_GET
def subject_images_view(request: HttpRequest, pk: UUID, model_admin: ModelAdmin) -> HttpResponse:
    """Not a look of its own: that the page was opened is on the record, and so is each picture it loads."""
    actor = actor_of(request)
    try:
        context = images_context(actor, subject_for(actor, pk))
    except WatchlistError as error:
        raise as_http_error(error) from error
    return render(request, "admin/watchlist/subject_images.html", context)


def images_context(actor: User, subject: Subject) -> dict[str, Any]:
    references = list(references_of(actor, subject))
    pending = _named(references, ReferenceState.PENDING)
    rejected: dict[str, list[Named]] = {}
    for image in _named(references, ReferenceState.REJECTED):
        rejected.setdefault(image.reason, []).append(image)
    pictured = [r for r in references if r.state not in (ReferenceState.PENDING, ReferenceState.REJECTED)]
    return {
        "pending": pending,
        "rejected": rejected,
        "pictured": pictured,
        "counts": {
            "checking": len(pending),
            "enrolled": sum(reference.state == ReferenceState.ENROLLED for reference in pictured),
            "rejected": sum(map(len, rejected.values())),
        },
        "look_alikes": known_pairs(subject.pk),
        "clear_url": _clear_url(subject) if rejected and allowed(actor, Permission.SUBJECT_EDIT) else None,
    }


def _named(references: list[ReferenceImage], state: ReferenceState) -> list[Named]:
    """Those in this state, in the order in which the sender's folder shows them."""
    images = [
        Named(each.pk, file_name(each) or _taken(each), each.reason) for each in references if each.state == state
    ]
    return sorted(images, key=lambda image: image.name)


def _taken(reference: ReferenceImage) -> str:
    return f"{reference.get_source_display()}, {reference.taken_on:%-d %B %Y}"


def _clear_url(subject: Subject) -> str:
    return reverse("admin:watchlist_subject_clear_rejected", args=[subject.pk])


class SubjectPage(FormPage):
    """About a subject's images, for a steward; leads back to them."""

    viewed_as = "subject"
    target: Subject

    def find(self, pk: UUID) -> Subject:
        require(self.actor, Permission.SUBJECT_EDIT)
        return get_object_or_404(Subject, pk=pk)

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#images"


class ClearRejected(SubjectPage):
    form_class = forms.Form
    template_name = "admin/watchlist/clear_page.html"
    title = "Clear the rejected images of {name}"
    submit = "Clear"
    done = "The rejected images are cleared."

    def perform(self, fields: dict[str, Any]) -> None:
        references_clear_rejected(actor=self.actor, subject=self.target)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rejected = self.target.references.filter(state=ReferenceState.REJECTED).count()
        return super().get_context_data(rejected=rejected, **kwargs)
