"""People and sockets for tests of the live chain: all committed, since sockets look from other threads."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import redis

    from tests.cast import Cast
    from tests.recognition.sockets import Headers, Opener, Socket
    from watchlist.models import Camera, Deployment, Subject, User


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


@pytest.fixture
def deployment(staff: "Cast") -> "Deployment":
    from tests.cast import make_live

    return make_live(staff)


@pytest.fixture
def camera(deployment: "Deployment") -> "Camera":
    from tests.cast import camera_of

    return camera_of(deployment)


@pytest.fixture
async def socket(open_socket: "Opener", camera: "Camera", staff: "Cast") -> "Socket":
    """Olga's, at the live deployment, past its greetings."""
    from tests.recognition.sockets import camera_path

    opened = await open_socket(camera_path(camera), staff.olga)
    await opened.hear_until("status", state="live")
    return opened


@pytest.fixture
def collins(cast: "Cast") -> "Subject":
    """Enrolled from her photograph by the real engine, in a transaction that is undone."""
    from recognition.enrolment import check_reference
    from recognition.footage.people import COLLINS
    from tests.cast import make_pending, make_subject

    subject = make_subject(cast)
    check_reference(make_pending(cast, subject, COLLINS.path().read_bytes()).pk)
    return subject


@pytest.fixture
def watched(cast: "Cast", collins: "Subject", redis_client: "redis.Redis") -> "Iterator[Deployment]":
    """A live deployment that looks for Collins."""
    from recognition import gallery
    from tests.cast import make_live

    yield make_live(cast, collins)
    gallery._held.clear()


@pytest.fixture
def watching(watched: "Deployment") -> "Camera":
    from tests.cast import camera_of

    return camera_of(watched)
