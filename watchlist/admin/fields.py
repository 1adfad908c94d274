"""Form fields as the admin's pages draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from unfold import widgets

from watchlist.packs import offered_packs
from watchlist.selectors.calibrations import newest_calibration

UNKNOWN = (
    "Without a calibration nobody knows how often models are wrong: the deployment cannot be approved before whoever "
    "runs the server has measured one with `manage.py calibrate`."
)


class TextField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminTextInputWidget(), **kwargs)


class NumberField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminIntegerFieldWidget(), **kwargs)


class PasswordField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "new-password"}
        super().__init__(widget=widgets.UnfoldAdminPasswordWidget(attrs), strip=False, **kwargs)


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3}), **kwargs)


class ChoiceField(forms.ChoiceField):
    """Nothing is chosen until a person has: `ask` stands in the empty place, and is said of a form sent with it."""

    def __init__(self, *, ask: str, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(
            widget=widgets.UnfoldAdminSelectWidget(),
            choices=[("", ask), *choices],
            error_messages={"required": f"{ask}."},
            **kwargs,
        )


class ModelChoiceField(forms.ModelChoiceField):
    """As above, of rows."""

    def __init__(self, *, ask: str, **kwargs: Any) -> None:
        super().__init__(
            widget=widgets.UnfoldAdminSelectWidget(),
            empty_label=ask,
            error_messages={"required": f"{ask}."},
            **kwargs,
        )


class CategoriesField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget(), **kwargs)


class PackField(ChoiceField):
    """The packs that are offered here, each with what it is good for.

    One that was chosen before and is no longer offered stays chosen, so that nothing is changed untold, and is refused
    by name when it is sent.
    """

    ask = "Choose the recognition models"

    def __init__(self) -> None:
        super().__init__(ask=self.ask, choices=(), label="Recognition models")

    def offer(self, *, chosen: str | None) -> None:
        offered = offered_packs()
        names = [pack.identifier for pack in offered]
        gone = [(chosen, f"{chosen} (no longer offered)")] if chosen and chosen not in names else []
        unknown = {name for name in names if newest_calibration(name) is None}
        labels = [(name, f"{name} (no calibration yet)" if name in unknown else name) for name in names]
        self.choices = [("", self.ask), *labels, *gone]
        told = [f"{pack.identifier}: {pack.limits}" for pack in offered]
        if unknown:
            told.append(UNKNOWN)
        self.help_text = f"With other models everybody's images on the list are enrolled anew. {' '.join(told)}"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one form may send; its script says so before the server has to."""

    files: int
    bytes: int
    bytes_each: int

    def __str__(self) -> str:
        return f"at most {self.files} files, {self.bytes_each // 2**20} MB each and {self.bytes // 2**20} MB together"


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    class Media:
        css: ClassVar = {"all": ["css/admin/files.css"]}
        js = (forms.Script("js/admin/images.js", type="module"),)


class ManyImagesField(forms.FileField):
    """One image or many; cleans to a list of them."""

    def __init__(self, *, limits: Limits, **kwargs: Any) -> None:
        attrs = {
            "accept": "image/jpeg,image/png,image/webp",
            "data-most-files": limits.files,
            "data-most-bytes": limits.bytes,
            "data-each-bytes": limits.bytes_each,
        }
        super().__init__(widget=ManyFilesInput(attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyImagesField, self).clean(file, initial) for file in files or [None]]
