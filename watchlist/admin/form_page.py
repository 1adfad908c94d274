"""A small form of its own in the admin: find what it is about, parse, call one service, go back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.generic import FormView
from unfold.admin import ModelAdmin

from watchlist.admin.base import actor_of, as_form_error, as_http_error
from watchlist.errors import WatchlistError
from watchlist.models import User


class FormPage(FormView):
    """Subclasses name the form and say what it is about (`find`), what it does (`perform`), where it leads (`back`)."""

    template_name = "admin/watchlist/form_page.html"
    title: str
    submit: str
    done: str
    model_admin: ModelAdmin
    target: Any
    request: HttpRequest

    def dispatch(
        self, request: HttpRequest, *args: Any, model_admin: ModelAdmin, pk: UUID | int, **kwargs: Any
    ) -> HttpResponseBase:
        self.model_admin = model_admin
        try:
            self.target = self.find(pk)
        except WatchlistError as error:
            raise as_http_error(error) from error
        return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> User:
        return actor_of(self.request)

    def find(self, pk: Any) -> Model:
        """What the form is about; raises NotFound or NotAllowed where this person may not do this to it."""
        raise NotImplementedError

    def perform(self, fields: dict[str, Any]) -> None:
        """Calls one service."""
        raise NotImplementedError

    def back(self) -> str:
        """The address of the page this form belongs to."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            self.perform(form.cleaned_data)
        except WatchlistError as error:
            form.add_error(None, as_form_error(error, form))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.request.current_app = self.model_admin.admin_site.name  # type: ignore[attr-defined]
        context = super().get_context_data(
            **self.model_admin.admin_site.each_context(self.request),
            title=self.title,
            submit_label=self.submit,
            opts=self.model_admin.opts,
            target=self.target,
            back=self.back(),
            **kwargs,
        )
        # The date widget's script stands on the ones that every admin form brings.
        return context | {"media": self.model_admin.media + context["form"].media}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"
        return response
