"""People and sockets for tests of the live chain: all committed, since sockets look from other threads."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import redis

    from tests.cast import Cast
    from tests.recognition.sockets import Headers, Opener, Socket
    from watchlist.models import User


@pytest.fixture
def staff(committed_db: None, redis_client: "redis.Redis") -> "Cast":
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def impatient(settings: Any) -> None:
    """Sockets that ask and give up sooner than they would, so that tests need not wait for seconds."""
    settings.LFR_RECOGNITION = {"tick": 0.05, "rights_every": 0.1, "frame_life": 0.4, "health_every": 0.2}


@pytest.fixture
async def open_socket(staff: "Cast") -> "AsyncIterator[Opener]":
    """Opens sockets and closes them at the end of the test."""
    from tests.recognition.sockets import open_one

    opened: list[Socket] = []

    async def open_and_note(path: str, user: "User | None" = None, *, headers: "Headers | None" = None) -> "Socket":
        opened.append(await open_one(path, user, headers=headers))
        return opened[-1]

    yield open_and_note
    for socket in opened:
        await socket.disconnect(timeout=5)
