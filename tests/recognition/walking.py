"""Frames put and looked at as the socket and the worker do, in this process."""

import asyncio
from time import time
from typing import Any
from uuid import UUID

from recognition import mailbox
from recognition.mailbox import Frame
from recognition.services.frames import Handled, handle_frame
from tests.live.passing import passage, read
from watchlist.models import Camera

SOCKET = "specific.frames.test"


def put(camera_id: UUID, jpeg: bytes, sequence: int = 1, received: float | None = None) -> str:
    """As the socket does; the token of the job."""
    token = asyncio.run(mailbox.put(camera_id, Frame(sequence, received or time(), SOCKET, jpeg))).token
    assert token is not None
    return token


def look(camera: Camera, jpeg: bytes, sequence: int = 1, received: float | None = None) -> Handled:
    return handle_frame(camera_id=camera.pk, token=put(camera.pk, jpeg, sequence, received))


def walk_by(camera: Camera, person: Any, count: int = 4) -> list[str]:
    """Candidates that come of somebody passing."""
    left: list[str] = []
    for sequence, jpeg in enumerate(passage([read(person.path())], frames=count)):
        left += look(camera, jpeg, sequence).candidates
    return left
