"""What every page view has in common: who is signed in, and that nothing of it stays in a cache."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from watchlist.models import User


class SignedInRequest(HttpRequest):
    """A request whose user has signed in; the decorators below see to it."""

    user: User


View = Callable[Concatenate[SignedInRequest, ...], HttpResponse]


def page(view: View) -> Callable[..., Any]:
    """A page or fragment to read, for people who have signed in."""
    return require_safe(login_required(never_cache(_kept(view))))


def act(*, page_of: View) -> Callable[[View], Callable[..., Any]]:
    """A form that is sent, by people who have signed in. Its address stands in the browser while the form is shown as
    not taken: whoever asks for it, by a reload or Back, is led to its page by `page_of`, which asks for the rights."""

    def decorated(view: View) -> Callable[..., Any]:
        @wraps(view)
        def sent_or_asked_for(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return (view if request.method == "POST" else page_of)(request, *args, **kwargs)

        return form_page(sent_or_asked_for)

    return decorated


def form_page(view: View) -> Callable[..., Any]:
    """A page that takes its own form, for people who have signed in."""
    return require_http_methods(["GET", "HEAD", "POST"])(login_required(never_cache(_kept(view))))


def wants_fragment(request: HttpRequest) -> bool:
    """True where a script asks for a part of a page, not a browser for a whole one."""
    return request.headers.get("X-Requested-With") == "fetch"


def _kept(view: View) -> View:
    @wraps(view)
    def kept(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Vary"] = "X-Requested-With, Cookie"
        return response

    return kept
