"""How does a socket say no? It is accepted, told why in a message, and closed with a code of its own.

A browser is not told why a handshake failed, and Daphne passes no reason on with a close code; so the words go before
it. Close codes from 4400 on mean that opening the socket again will not help; they follow the codes of HTTP.
"""

from enum import IntEnum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from watchlist.errors import NotAllowed, NotFound, WatchlistError
from watchlist.models import User

if TYPE_CHECKING:
    from channels.generic.websocket import AsyncJsonWebsocketConsumer


class Close(IntEnum):
    MALFORMED = 4400
    NOT_SIGNED_IN = 4401
    NOT_ALLOWED = 4403
    NOT_FOUND = 4404
    REPLACED = 4409


class NotSignedIn(WatchlistError):
    status = 401

    def __init__(self) -> None:
        super().__init__("not_signed_in", "Sign in first, or send a valid token in the Authorization header.")


async def turn_away(consumer: "AsyncJsonWebsocketConsumer", error: WatchlistError, close: Close | None = None) -> None:
    await consumer.send_json({"type": "refused", "code": error.code, "message": error.message})
    await consumer.close(code=int(close or _code(error)))  # Daphne's sockets take a plain int alone


def signed_in(user: User | AnonymousUser) -> User:
    """Raises NotSignedIn for nobody."""
    if isinstance(user, User):
        return user
    raise NotSignedIn


def _code(error: WatchlistError) -> Close:
    match error:
        case NotSignedIn():
            return Close.NOT_SIGNED_IN
        case NotFound():
            return Close.NOT_FOUND
        case NotAllowed():
            return Close.NOT_ALLOWED
    return Close.MALFORMED
