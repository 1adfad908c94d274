"""What a camera's socket says unasked: who has the camera, whose clock is off, how things stand, what is recorded."""

import asyncio
import json
from time import time
from typing import Any

import pytest

from tests.cast import Cast
from tests.recognition.sockets import Opener, camera_path
from watchlist.models import AuditEntry, Camera, Deployment


@pytest.mark.usefixtures("impatient")
async def test_the_newer_socket_has_the_camera_and_the_older_is_told(
    open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    older = await open_socket(camera_path(camera), staff.olga)
    await older.hear_until("status", state="live")
    newer = await open_socket(camera_path(camera), staff.omar)

    assert (await older.hear("refused"))["code"] == "replaced"
    assert await older.close_code() == 4409
    await newer.send_frame(1)
    assert await newer.hear("ack")


async def test_a_frame_of_the_older_socket_is_refused_even_before_it_has_noticed(
    open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    older = await open_socket(camera_path(camera), staff.olga)
    await open_socket(camera_path(camera), staff.omar)
    await older.send_frame(1)
    refusal = await older.hear("ack", "refused")

    assert (refusal["type"], refusal["code"]) == ("refused", "replaced")


async def test_a_clock_that_is_off_is_said_to_be(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    opened = await open_socket(camera_path(camera), staff.olga)
    asked = (await opened.hear("hello"))["server_ms"]
    for off_ms, words in ((0, None), (4_000, None), (60_000, "60 s ahead of"), (-60_000, "60 s behind")):
        await opened.send_json_to({"type": "clock", "server_ms": asked, "client_ms": time() * 1000 + off_ms})
        reply = await opened.hear("clock")

        assert abs(reply["offset_ms"] - off_ms) < 2_000
        assert (words in reply["message"]) if words else ("message" not in reply)


async def test_the_status_carries_the_figures_of_the_deployment(
    open_socket: Opener, camera: Camera, deployment: Deployment, staff: Cast
) -> None:
    await Deployment.objects.filter(pk=deployment.pk).aupdate(faces_seen=1204)
    opened = await open_socket(camera_path(camera), staff.olga)
    status = await opened.hear("status")

    assert (status["faces_seen"], status["list_size"], status["dropped"]) == (1204, 1, 0)


@pytest.mark.usefixtures("impatient")
async def test_start_and_end_of_every_use_are_on_the_record(
    open_socket: Opener, camera: Camera, deployment: Deployment, staff: Cast
) -> None:
    opened = await open_socket(camera_path(camera), staff.olga)
    await opened.hear("hello")
    await opened.send_frame(1)
    await opened.hear_until("dropped", seq=1)
    await opened.disconnect()
    entries = [
        json.loads(entry.body)
        async for entry in AuditEntry.objects.filter(action__startswith="camera.", deployment=deployment.pk).order_by(
            "seq"
        )
        if entry.action != "camera.added"
    ]

    assert [entry["action"] for entry in entries] == ["camera.connected", "camera.disconnected"]
    assert {entry["actor"] for entry in entries} == {str(staff.olga.pk)}
    facts = entries[1]["facts"]
    assert (facts["camera"], facts["frames"], facts["results"], facts["dropped"]) == (str(camera.pk), 1, 0, 1)


@pytest.mark.usefixtures("impatient")
async def test_the_operators_page_hears_how_the_camera_is(
    settings: Any, open_socket: Opener, camera: Camera, deployment: Deployment, staff: Cast
) -> None:
    settings.LFR_RECOGNITION = {**settings.LFR_RECOGNITION, "frozen_after": 0.3, "silent_after": 0.6}
    page = await open_socket(f"/ws/operator/{deployment.pk}/", staff.omar)
    await page.hear("hello")
    opened = await open_socket(camera_path(camera), staff.olga)
    assert (await page.hear("camera.health"))["camera"] == str(camera.pk)

    for sequence in range(10):
        await opened.send_frame(sequence, b"\xff\xd8\xff the same")
        await asyncio.sleep(0.05)
    await page.hear_until("camera.health", state="frozen")
    await page.hear_until("camera.health", state="silent")
    await opened.disconnect()
    await page.hear_until("camera.health", state="off")
