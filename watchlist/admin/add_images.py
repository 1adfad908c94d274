"""Adding images to a subject, one or many at a time: all are taken for checking, or none."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.widgets import UnfoldAdminSingleDateWidget

from watchlist.admin.fields import ChoiceField, Limits, ManyImagesField
from watchlist.admin.form_page import FormPage
from watchlist.errors import InvalidInput
from watchlist.models import ImageSource, Subject
from watchlist.permissions import Permission, require
from watchlist.services.references import MAX_UPLOAD_BYTES, references_add

FORM_BYTES = 2**20  # of a request with files, what is left for everything else in it
LIMITS = Limits(
    files=settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    bytes=settings.LFR_LARGEST_UPLOAD - FORM_BYTES,
    bytes_each=MAX_UPLOAD_BYTES,
)


class AddImagesForm(forms.Form):
    images = ManyImagesField(
        limits=LIMITS, help_text=f"JPEG, PNG or WebP. Choose one or several of the same source and day: {LIMITS}."
    )
    source = ChoiceField(choices=ImageSource.choices, label="Where from")
    taken_on = forms.DateField(widget=UnfoldAdminSingleDateWidget(), label="Taken on")


class AddImages(FormPage):
    form_class = AddImagesForm
    title = "Add images"
    submit = "Add and check"
    done = "Being checked: the result appears beside each image within seconds."
    target: Subject

    def find(self, pk: UUID) -> Subject:
        require(self.actor, Permission.SUBJECT_EDIT)
        return get_object_or_404(Subject, pk=pk)

    def perform(self, fields: dict[str, Any]) -> None:
        files = [file.read() for file in fields["images"]]
        try:
            references_add(
                actor=self.actor,
                subject=self.target,
                files=files,
                source=fields["source"],
                taken_on=fields["taken_on"],
            )
        except InvalidInput as error:
            fields_named = error.fields or {"images": [error.message]}
            raise InvalidInput(error.code, error.message, fields_named) from error

    def back(self) -> str:
        return reverse("admin:watchlist_subject_change", args=[self.target.pk])
