"""A camera that is no browser: the same socket, the same messages, a token instead of a session."""

import itertools
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rest_framework.authtoken.models import Token
from websockets.sync.client import ClientConnection, connect

from recognition.consumers.protocol import FrameMessage, pack
from tests.live.stack import Stack
from watchlist.models import Camera, User

ENDS = ("result", "dropped", "refused")
ANSWER_SECONDS = 10.0
ATTEMPTS = 3


@dataclass
class Sender:
    """Sends one frame after another, each when the one before has ended; keeps what was said."""

    connection: ClientConnection
    sequence: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    heard: list[dict[str, Any]] = field(default_factory=list)

    def send(self, jpeg: bytes) -> dict[str, Any]:
        """The end of this frame: a result, a drop or a refusal."""
        sequence = next(self.sequence)
        self.connection.send(pack(FrameMessage(sequence, time.time() * 1000, jpeg)))
        return self.wait_for(lambda said: said["type"] in ENDS and said.get("seq") == sequence)

    def send_all(self, frames: Iterable[bytes]) -> list[dict[str, Any]]:
        return [self.send_until_looked_at(jpeg) for jpeg in frames]

    def send_until_looked_at(self, jpeg: bytes) -> dict[str, Any]:
        """On a machine that is busy with other things a frame may be dropped: then it is sent again, a few times."""
        for _ in range(ATTEMPTS - 1):
            if (end := self.send(jpeg))["type"] != "dropped":
                return end
        return self.send(jpeg)

    def hears(self, wanted: Any, *, seconds: float) -> None:
        """Waits for what may have been said before an end already."""
        if not any(map(wanted, self.heard)):
            self.wait_for(wanted, seconds=seconds)

    def wait_for(self, wanted: Any, *, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            said = json.loads(self.connection.recv(timeout=max(0.01, deadline - time.monotonic())))
            self.heard.append(said)
            if wanted(said):
                return said


@contextmanager
def camera_socket(stack: Stack, camera: Camera, user: User) -> Iterator[Sender]:
    token, _ = Token.objects.get_or_create(user=user)
    with connect(
        f"{stack.socket_url}/ws/camera/{camera.pk}/",
        additional_headers={"Authorization": f"Token {token.key}"},
        max_size=None,
    ) as connection:
        yield Sender(connection)
