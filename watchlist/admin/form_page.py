"""A small form of its own in the admin: find what it is about, parse, call one service, go back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.generic import FormView

from watchlist.admin.base import ReadOnlyAdmin, actor_of, as_form_error, as_http_error
from watchlist.errors import WatchlistError
from watchlist.models import User
from watchlist.services.viewing import viewed


class FormPage(FormView):
    """Subclasses name the form and say what it is about (`find`, `name`) and what it does (`perform`).

    In `title` and `submit`, `{name}` stands for what it is about: the wrong row is noticed before the press.
    """

    template_name = "admin/watchlist/form_page.html"
    title: str
    submit: str
    done: str
    viewed_as: str | None = None  # the kind of personal data that the name is; None: it is none
    model_admin: ReadOnlyAdmin
    target: Any
    request: HttpRequest

    def dispatch(
        self, request: HttpRequest, *args: Any, model_admin: ReadOnlyAdmin, pk: UUID | int, **kwargs: Any
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

    def name(self) -> str:
        """What the form is about, as people call it."""
        return str(self.target)

    def owner(self) -> Model:
        """The object to whose page the form belongs: what it is about, unless that has no page of its own."""
        return self.target

    def record_look(self) -> None:
        """What showing the form leaves in the record."""
        if self.viewed_as:
            viewed(actor=self.actor, what=self.viewed_as, pk=self.target.pk, purpose="admin page")

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            self.perform(form.cleaned_data)
        except WatchlistError as error:
            form.add_error(None, as_form_error(error, form))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return self.model_admin.page_url(self.owner())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.request.current_app = self.model_admin.admin_site.name  # type: ignore[attr-defined]
        name = self.name()
        context = super().get_context_data(
            **self.model_admin.admin_site.each_context(self.request),
            title=self.title.format(name=name),
            submit_label=self.submit.format(name=name),
            opts=self.model_admin.opts,
            original=self.owner(),
            target=self.target,
            back=self.get_success_url(),
            **kwargs,
        )
        # The date widget's script stands on the ones that every admin form brings.
        return context | {"media": self.model_admin.media + context["form"].media}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        self.record_look()
        response = super().render_to_response(context, **kwargs)
        response["Cache-Control"] = "no-store"
        return response
