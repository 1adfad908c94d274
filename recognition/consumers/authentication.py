"""Who is at the other end of a socket? The owner of a token, else whoever the browser's session belongs to."""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from channels.auth import get_user
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http.cookie import parse_cookie
from rest_framework.authtoken.models import Token

from watchlist.models import User

Scope = dict[str, Any]


class TokenOrSessionAuthMiddleware:
    """Puts `user` into a socket's scope; AnonymousUser where neither a token nor a session is good."""

    def __init__(self, inner: Callable[..., Awaitable[None]]) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        await self.inner(dict(scope, user=await user_of(scope)), receive, send)


async def user_of(scope: Scope) -> User | AnonymousUser:
    """Asked at connect and again while the socket is open: tokens are revoked, sessions end, people are deactivated."""
    token = _header(scope, b"authorization")
    if token:
        return await _owner_of(token)
    return await _user_of_session(_header(scope, b"cookie"))


@database_sync_to_async
def _owner_of(authorization: str) -> User | AnonymousUser:
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "token":
        return AnonymousUser()
    token = Token.objects.select_related("user").filter(key=key.strip(), user__is_active=True).first()
    return token.user if token else AnonymousUser()


async def _user_of_session(cookies: str) -> User | AnonymousUser:
    session_key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    if not session_key:
        return AnonymousUser()
    # Read anew each time: a session that is kept in memory does not notice that somebody signed out.
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = await get_user({"session": store})
    return user if user.is_active else AnonymousUser()


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
