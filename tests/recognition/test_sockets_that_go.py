"""A page goes while it is being answered, its server stops, or something fails: the end of its use of the camera is on
the record, and no error follows from it."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from autobahn.exception import Disconnected
from channels.layers import get_channel_layer
from django.utils import timezone

from lfrweb.asgi import application
from tests.cast import Cast
from tests.recognition.sockets import Opener, Socket, camera_path, open_one, session_cookie
from watchlist.events import group_name
from watchlist.models import AuditEntry, Camera, CameraUse
from watchlist.services.cameras import LOST_AFTER, cameras_end_lost


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


async def test_it_is_recorded_where_the_server_stops(open_socket: Opener, camera: Camera, staff: Cast):
    opened = await open_socket(camera_path(camera), staff.olga)
    page = await open_socket(f"/ws/operator/{camera.deployment_id}/", staff.omar)
    await opened.hear("status")
    stopping = [opened.future, page.future]
    for application_of in stopping:
        application_of.cancel()
    await asyncio.gather(*stopping)  # as Daphne waits: until the first that ends as cancelled
    assert (await actions())[-2:] == ["camera.connected", "camera.disconnected"]


async def test_it_is_recorded_where_something_fails(camera: Camera, staff: Cast):
    opened = await open_one(camera_path(camera), staff.olga)
    await opened.hear("status")
    await get_channel_layer().group_send(group_name(camera.deployment_id), {"type": "nobody.knows"})
    with pytest.raises(ValueError, match="No handler"):
        await asyncio.wait_for(opened.future, timeout=5)
    assert (await actions())[-2:] == ["camera.connected", "camera.disconnected"]


@pytest.mark.usefixtures("impatient")
async def test_a_use_that_stands_is_not_given_up(socket: Socket):
    long_ago = timezone.now() - LOST_AFTER
    await CameraUse.objects.aupdate(noted_at=long_ago)
    while not await CameraUse.objects.filter(noted_at__gt=long_ago + timedelta(seconds=1)).aexists():
        await asyncio.sleep(0.05)
    assert await sync_to_async(cameras_end_lost)(now=timezone.now()) == 0


@pytest.mark.usefixtures("impatient")
async def test_a_use_that_was_given_up_is_closed_to_be_opened_again(socket: Socket):
    await sync_to_async(cameras_end_lost)(now=timezone.now() + LOST_AFTER)
    assert await socket.close_code() < 4400
    await socket.disconnect(timeout=5)
    assert (await actions()).count("camera.disconnected") == 1
