"""Adding images to a subject, one or many at a time: all that are new are taken for checking, or none."""

from typing import Any

from django import forms
from django.conf import settings
from unfold.widgets import UnfoldAdminSingleDateWidget

from watchlist.admin.fields import ChoiceField, Limits, ManyImagesField
from watchlist.admin.subject_images import SubjectPage
from watchlist.errors import InvalidInput
from watchlist.models import ImageSource
from watchlist.services.uploads import MAX_UPLOAD_BYTES, Upload, references_add

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
    source = ChoiceField(ask="Choose where they are from", choices=ImageSource.choices, label="Where from")
    taken_on = forms.DateField(widget=UnfoldAdminSingleDateWidget(), label="Taken on")


class AddImages(SubjectPage):
    form_class = AddImagesForm
    title = "Add images of {name}"
    submit = "Add and check"
    left_out = 0

    def perform(self, fields: dict[str, Any]) -> None:
        files = [Upload(file.read(), file.name) for file in fields["images"]]
        try:
            added = references_add(
                actor=self.actor,
                subject=self.target,
                files=files,
                source=fields["source"],
                taken_on=fields["taken_on"],
            )
        except InvalidInput as error:
            fields_named = error.fields or {"images": [error.message]}
            raise InvalidInput(error.code, error.message, fields_named) from error
        self.left_out = len(files) - len(added)
        self.done = _taken(len(added), left_out=self.left_out)

    def get_success_url(self) -> str:
        """The results, unless something was left out: that is said at the top of the page."""
        return self.model_admin.page_url(self.target) if self.left_out else super().get_success_url()


def _taken(added: int, *, left_out: int) -> str:
    """Without names: the browser keeps it in a cookie until it is shown."""
    said = "1 image is taken." if added == 1 else f"{added} images are taken."
    return f"{said} {left_out} left out, which were there already." if left_out else said
