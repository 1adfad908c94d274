"""How Django admin is bent to this package's rules: writes go through services, the record is only read.

Nothing is ever deleted here and there are no bulk actions. What a service refuses comes back as the form's error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import Field, Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin, TabularInline

from watchlist.admin.links import linked_where_open
from watchlist.errors import InvalidInput, NotAllowed, NotFound, WatchlistError
from watchlist.models import User
from watchlist.services.viewing import viewed

# After saving, the object's page is shown: there is nothing that a second and third button would do differently.
ONE_SAVE_BUTTON = {"show_save_and_add_another": False, "show_save_and_continue": False}


@dataclass(frozen=True, slots=True)
class PageAction:
    """A button at the top of an object's page; whoever may not use it is not shown it."""

    label: str
    url: str
    variant: str = "default"


def actor_of(request: HttpRequest) -> User:
    """Who is asking; the admin site has let nobody else come this far."""
    assert isinstance(request.user, User)
    return request.user


def as_form_error(error: WatchlistError, form: forms.BaseForm) -> ValidationError:
    """What a service said, at the fields it named where the form has them, else above the form."""
    fields = error.fields if isinstance(error, InvalidInput) else {}
    if fields and all(name in form.fields or name == NON_FIELD_ERRORS for name in fields):
        return ValidationError(fields)
    return ValidationError(error.message)


def as_http_error(error: WatchlistError) -> Exception:
    match error:
        case NotFound():
            return Http404(error.message)
        case NotAllowed():
            return PermissionDenied(error.message)
        case _:
            return error


class ReadOnlyAdmin(ModelAdmin):
    """Shows what the role table lets this person see. Writes nothing but the note that it was looked at."""

    actions = None
    list_disable_select_all = True
    show_full_result_count = False
    change_form_outer_before_template = "admin/watchlist/page_actions.html"
    viewed_as: str | None = None  # the kind of personal data that a page shows; None: there is none on it
    list_viewed_as: str | None = None  # the same of the list

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [
            (title, options | {"fields": linked_where_open(request, self.model, options["fields"])})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        return linked_where_open(request, self.model, super().get_readonly_fields(request, obj))

    def page_actions(self, request: HttpRequest, obj: Any) -> list[PageAction]:
        return []

    def page_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """More that this model's page shows."""
        return {}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if self.list_viewed_as and response.status_code == HTTPStatus.OK:
            page = request.GET.get("p", "1")
            viewed(actor=actor_of(request), what=self.list_viewed_as, pk=f"page {page}", purpose="admin page")
        response["Cache-Control"] = "no-store"
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if obj is not None and self.has_view_permission(request, obj):
            context |= {"page_actions": self.page_actions(request, obj), **self.page_context(request, obj)}
        response = super().change_view(request, object_id, form_url, context)
        if obj is not None and response.status_code == HTTPStatus.OK:  # also a form that is shown again with its faults
            self.record_look(request, obj)
        response["Cache-Control"] = "no-store"
        return response

    def record_look(self, request: HttpRequest, obj: Any) -> None:
        """What showing the page of `obj` leaves in the record."""
        if self.viewed_as:
            viewed(actor=actor_of(request), what=self.viewed_as, pk=obj.pk, purpose="admin page")

    def page_url(self, obj: Model) -> str:
        return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


class ServiceAdmin(ReadOnlyAdmin):
    """Adds and changes through `create` and `update`, each of which calls one service."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return ModelAdmin.has_change_permission(self, request, obj)

    def formfield_for_choice_field(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Nothing is chosen until a person has: the first of the list would be taken by whoever overlooks it."""
        ask = f"Choose the {db_field.verbose_name}"
        return super().formfield_for_choice_field(
            db_field,
            request,
            choices=db_field.get_choices(blank_choice=[("", ask)]),
            error_messages={"required": f"{ask}."},
            **kwargs,
        )

    def create(self, request: HttpRequest, fields: dict[str, Any]) -> Model:
        raise NotImplementedError

    def update(self, request: HttpRequest, obj: Any, fields: dict[str, Any]) -> Model:
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra_context = (extra_context or {}) | ONE_SAVE_BUTTON
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except WatchlistError as refusal:
            # Everything is rolled back; the same form is shown again, with what the service said.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        if not hasattr(request, "refusal"):
            return form_class
        refusal: WatchlistError = request.refusal

        class RefusedForm(form_class):  # type: ignore[misc, valid-type]
            def clean(self) -> Any:
                super().clean()
                raise as_form_error(refusal, self)

        return RefusedForm

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        if change:
            # As it stands in the database: the form has already written its values on `obj`.
            self.update(request, self.model._default_manager.get(pk=obj.pk), form.cleaned_data)
        else:
            obj.pk = self.create(request, form.cleaned_data).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: no page of ours writes two models in one form."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Of the form alone: what stands in formsets is only read, and was not saved."""
        return super().construct_change_message(request, form, [], add)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._log(request, obj, CHANGE, message)

    def _log(self, request: HttpRequest, obj: Model, flag: int, message: Any) -> LogEntry:
        """Admin's own log carries ids where Django would write names; the record proper is the audit chain."""
        return LogEntry.objects.create(
            user=actor_of(request),
            content_type=ContentType.objects.get_for_model(obj),
            object_id=str(obj.pk),
            object_repr=str(obj.pk),
            action_flag=flag,
            change_message=message,
        )

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, f"The {self.opts.verbose_name} was added.")
        return HttpResponseRedirect(self.page_url(obj))

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        self.message_user(request, f"The {self.opts.verbose_name} was changed.")
        return HttpResponseRedirect(self.page_url(obj))


class ReadOnlyInline(TabularInline):
    """Rows of another model on an object's page, to be read; changes have forms of their own."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False
    hide_title = True  # unfold's row above each row, with what stands in it anyway

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return [(None, {"fields": self.get_readonly_fields(request, obj)})]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[Any]:
        return linked_where_open(request, self.model, self.get_fields(request, obj))
