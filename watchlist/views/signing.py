"""The one door through which people come and go, for the pages and the admin alike; both are on the record."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from watchlist.errors import NotAllowed
from watchlist.models import User
from watchlist.services.users import signed_in, signed_out


class SignIn(LoginView):
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            signed_in(actor=self.request.user)  # type: ignore[arg-type]  # who has just been found
        return response


class SignOut(LogoutView):
    """By the button alone: a link that somebody sends ends no session."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back and reload lead home, which asks whoever has signed out to sign in."""
        return redirect("home")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        with transaction.atomic():
            response = super().post(request, *args, **kwargs)
            if isinstance(user, User):
                signed_out(actor=user)
        return response  # type: ignore[return-value]


def admin_door(request: HttpRequest) -> HttpResponse:
    """Where the admin sends whom it does not let in: to the sign-in page, or away."""
    if request.user.is_authenticated:
        raise NotAllowed("no_admin", "None of your roles works in the administration.")
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
