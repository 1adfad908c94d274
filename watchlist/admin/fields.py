"""Form fields as the admin's pages draw them."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from unfold import widgets


class TextField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminTextInputWidget(), **kwargs)


class PasswordField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "new-password"}
        super().__init__(widget=widgets.UnfoldAdminPasswordWidget(attrs), strip=False, **kwargs)


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3}), **kwargs)


class ChoiceField(forms.ChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminSelectWidget(), **kwargs)


class ModelChoiceField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminSelectWidget(), **kwargs)


class CategoriesField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget(), **kwargs)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One file or many; cleans to a list of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files or [None]]
