"""A page goes while it is being answered: no error, and the end of its use of the camera is on the record."""

import logging
from typing import Any

from asgiref.sync import sync_to_async
from autobahn.exception import Disconnected

from lfrweb.asgi import application
from tests.recognition.sockets import Socket, camera_path, session_cookie
from watchlist.models import AuditEntry


class Going:
    """The application before a server that, as Daphne does, raises once the page has gone."""

    gone = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_unless_gone(message: Any) -> None:
            if self.gone:
                raise Disconnected("Attempt to send on a closed protocol")
            await send(message)

        await application(scope, receive, send_unless_gone)


async def actions() -> list[str]:
    return await sync_to_async(lambda: list(AuditEntry.objects.order_by("seq").values_list("action", flat=True)))()


async def test_the_end_of_a_cameras_use_is_recorded(staff, caplog):
    from tests.cast import camera_of, make_live

    deployment = await sync_to_async(make_live)(staff)
    camera = await sync_to_async(camera_of)(deployment)
    going = Going()
    socket = Socket(going, camera_path(camera), headers=await session_cookie(staff.olga))
    await socket.connect(timeout=5)
    await socket.hear("status")
    with caplog.at_level(logging.WARNING):
        going.gone = True
        await socket.send_frame(1)
        await socket.disconnect(timeout=5)
    assert (await actions())[-2:] == ["camera.connected", "camera.disconnected"]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
