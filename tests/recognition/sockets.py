"""Sockets of the real ASGI application, as a page or a program opens them."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client
from rest_framework.authtoken.models import Token

from recognition.consumers.protocol import FrameMessage, pack
from watchlist.models import Camera, User

Headers = list[tuple[bytes, bytes]]


class Socket(WebsocketCommunicator):
    """A socket of the real application, which has been opened."""

    async def hear(self, *kinds: str, timeout: float = 3.0) -> dict[str, Any]:
        """The next message of one of these kinds; others are passed over."""
        while True:
            message: dict[str, Any] = await self.receive_json_from(timeout)
            if message["type"] in kinds:
                return message

    async def hear_until(self, kind: str, timeout: float = 3.0, **fields: Any) -> dict[str, Any]:
        while True:
            message = await self.hear(kind, timeout=timeout)
            if fields.items() <= message.items():
                return message

    async def says_nothing_but(self, kind: str, seconds: float = 0.5) -> bool:
        over = monotonic() + seconds
        while monotonic() < over:
            if await self.receive_nothing(timeout=0.05, interval=0.01):
                continue
            if (await self.receive_json_from())["type"] != kind:
                return False
        return True

    async def close_code(self, timeout: float = 3.0) -> int:
        """Reads on to the close frame."""
        while True:
            output = await self.receive_output(timeout)
            if output["type"] == "websocket.close":
                code = output.get("code", 1000)
                assert type(code) is int, "Daphne's sockets take a plain int alone."
                return code

    async def send_frame(
        self, sequence: int, jpeg: bytes = b"\xff\xd8\xff no picture", captured_ms: float = 1.0
    ) -> None:
        await self.send_to(bytes_data=pack(FrameMessage(sequence, captured_ms, jpeg)))


Opener = Callable[..., Awaitable[Socket]]


async def open_one(path: str, user: User | None = None, *, headers: Headers | None = None) -> Socket:
    """For a person by token, else with the headers given, else as nobody."""
    from lfrweb.asgi import application

    if user is not None:
        token, _ = await Token.objects.aget_or_create(user=user)
        headers = [(b"authorization", f"Token {token.key}".encode())]
    socket = Socket(application, path, headers=headers or [])
    connected, _ = await socket.connect(timeout=5)
    assert connected, "A socket is accepted even where it is refused, so that it can be told why."
    return socket


@sync_to_async
def session_cookie(user: User) -> list[tuple[bytes, bytes]]:
    """The headers of a browser in which this person has signed in."""
    client = Client()
    client.force_login(user, backend="watchlist.backends.RoleBackend")
    return [(b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())]


def camera_path(camera: Camera) -> str:
    return f"/ws/camera/{camera.pk}/"
