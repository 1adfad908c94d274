"""Adding images to a subject, one or many at a time: all are taken for checking, or none."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.widgets import UnfoldAdminSingleDateWidget

from watchlist.admin.fields import ChoiceField, ManyFilesField
from watchlist.admin.form_page import FormPage
from watchlist.errors import InvalidInput
from watchlist.models import ImageSource, Subject
from watchlist.permissions import Permission, require
from watchlist.services.references import reference_add


class AddImagesForm(forms.Form):
    images = ManyFilesField(help_text="JPEG, PNG or WebP. Choose one or several of the same source and day.")
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

    @transaction.atomic
    def perform(self, fields: dict[str, Any]) -> None:
        for number, file in enumerate(fields["images"], start=1):
            self._add(number, file, fields)

    def _add(self, number: int, file: UploadedFile, fields: dict[str, Any]) -> None:
        try:
            reference_add(
                actor=self.actor,
                subject=self.target,
                data=file.read(),
                source=fields["source"],
                taken_on=fields["taken_on"],
            )
        except InvalidInput as error:
            if error.fields:
                raise
            text = f"File {number}: {error.message}"
            raise InvalidInput(error.code, text, {"images": [text]}) from error

    def back(self) -> str:
        return reverse("admin:watchlist_subject_change", args=[self.target.pk])
