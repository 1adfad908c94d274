"""The socket of a camera on the real application: who may send, what is answered, and when it says no."""

import asyncio
import json
import struct
from datetime import timedelta
from time import time
from typing import Any
from uuid import uuid4

import pytest
import redis
from asgiref.sync import sync_to_async
from django.utils import timezone
from rest_framework.authtoken.models import Token

from recognition.consumers.protocol import HEADER_BYTES
from tests.cast import Cast, camera_of, make_draft, make_listed_subject, make_live
from tests.recognition.sockets import Opener, Socket, camera_path, session_cookie
from watchlist.models import AuditEntry, Camera, Deployment
from watchlist.services.deployments import (
    deployment_approve,
    deployment_close,
    deployment_pause,
    deployment_resume,
)
from watchlist.services.lists import list_add

PEOPLE = {
    "olga": None,
    "omar": None,
    "ada": 4403,
    "sam": 4403,
    "finn": 4403,
    "audrey": 4403,
    "adam": 4403,
    "nell": 4404,
}


@pytest.fixture
def deployment(staff: Cast) -> Deployment:
    return make_live(staff)


@pytest.fixture
def camera(deployment: Deployment) -> Camera:
    return camera_of(deployment)


@pytest.fixture
async def socket(open_socket: Opener, camera: Camera, staff: Cast) -> Socket:
    """Olga's, at the live deployment, past its greetings."""
    opened = await open_socket(camera_path(camera), staff.olga)
    await opened.hear_until("status", state="live")
    return opened


# --- Who may send -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "code"), PEOPLE.items())
async def test_only_operators_of_the_deployment_may_send(
    name: str, code: int | None, open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    opened = await open_socket(camera_path(camera), getattr(staff, name))

    if code is None:
        assert (await opened.hear("hello", "refused"))["type"] == "hello"
    else:
        assert (await opened.hear("hello", "refused"))["type"] == "refused"
        assert await opened.close_code() == code


async def test_an_operator_of_another_deployment_learns_nothing_of_this_one(
    open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    @sync_to_async
    def leave() -> None:
        camera.deployment.memberships.filter(user=staff.omar).delete()

    await leave()
    opened = await open_socket(camera_path(camera), staff.omar)

    assert (await opened.hear("refused"))["code"] == "no_camera"
    assert await opened.close_code() == 4404


async def test_a_camera_that_does_not_exist_is_said_not_to(open_socket: Opener, staff: Cast) -> None:
    opened = await open_socket(f"/ws/camera/{uuid4()}/", staff.olga)

    assert (await opened.hear("refused"))["code"] == "no_camera"
    assert await opened.close_code() == 4404


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"authorization", b"Token 0123456789")],
        [(b"authorization", b"Bearer 0123456789")],
        [(b"authorization", b"Token")],
        [(b"cookie", b"sessionid=0123456789")],
        [(b"cookie", b"\xff\xfe")],
    ],
)
async def test_nobody_is_told_to_sign_in(
    headers: list[tuple[bytes, bytes]], open_socket: Opener, camera: Camera
) -> None:
    opened = await open_socket(camera_path(camera), headers=headers)

    refusal = await opened.hear("refused")
    assert (refusal["code"], refusal["message"][:13]) == ("not_signed_in", "Sign in first")
    assert await opened.close_code() == 4401


async def test_a_browser_session_serves_as_well_as_a_token(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    opened = await open_socket(camera_path(camera), headers=await session_cookie(staff.olga))

    assert await opened.hear_until("status", state="live")


async def test_a_good_session_does_not_make_a_bad_token_good(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    headers = [*await session_cookie(staff.olga), (b"authorization", b"Token 0123456789")]
    opened = await open_socket(camera_path(camera), headers=headers)

    assert await opened.close_code() == 4401


async def test_a_person_who_has_left_cannot_send(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    staff.olga.is_active = False
    await staff.olga.asave()
    opened = await open_socket(camera_path(camera), staff.olga)

    assert await opened.close_code() == 4401


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("loss", ["token", "membership", "appointment", "account"])
async def test_a_right_that_is_lost_closes_the_open_socket(
    loss: str, open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    opened = await open_socket(camera_path(camera), staff.olga)
    await opened.hear_until("status", state="live")

    @sync_to_async
    def lose() -> None:
        match loss:
            case "token":
                Token.objects.filter(user=staff.olga).delete()
            case "membership":
                staff.olga.memberships.all().delete()
            case "appointment":
                staff.olga.appointments.all().delete()
            case "account":
                type(staff.olga).objects.filter(pk=staff.olga.pk).update(is_active=False)

    await lose()

    assert await opened.close_code() in (4401, 4403, 4404)


@pytest.mark.usefixtures("impatient")
async def test_signing_out_closes_the_open_socket(open_socket: Opener, camera: Camera, staff: Cast) -> None:
    from django.contrib.sessions.models import Session

    opened = await open_socket(camera_path(camera), headers=await session_cookie(staff.olga))
    await opened.hear_until("status", state="live")
    await Session.objects.all().adelete()

    assert await opened.close_code() == 4401


# --- The deployment as the gate ---------------------------------------------------------------------------------------


@sync_to_async
def stand_at(staff: Cast, stage: str) -> Camera:
    """A camera of a deployment that is not open to frames, for the reason named."""
    if stage in ("not_approved", "not_started"):
        deployment = make_draft(staff)
        list_add(actor=staff.sam, deployment=deployment, subject=make_listed_subject(staff))
        if stage == "not_started":
            deployment_approve(actor=staff.ada, deployment=deployment)
        return camera_of(deployment)
    deployment = make_live(staff)
    now, hour = timezone.now(), timedelta(hours=1)
    match stage:
        case "paused":
            deployment_pause(actor=staff.olga, deployment=deployment, reason="Rain.")
        case "closed":
            deployment_close(actor=staff.olga, deployment=deployment, reason="Over.")
        case "before_window":
            Deployment.objects.filter(pk=deployment.pk).update(starts_at=now + hour, ends_at=now + 2 * hour)
        case "after_window":
            Deployment.objects.filter(pk=deployment.pk).update(starts_at=now - 2 * hour, ends_at=now - hour)
    return camera_of(deployment)


@pytest.mark.parametrize("stage", ["not_approved", "not_started", "paused", "closed", "before_window", "after_window"])
async def test_frames_are_refused_with_the_reason_unless_the_deployment_is_live(
    stage: str, open_socket: Opener, staff: Cast, redis_client: redis.Redis
) -> None:
    camera = await stand_at(staff, stage)
    opened = await open_socket(camera_path(camera), staff.olga)
    status = await opened.hear("status")
    await opened.send_frame(1)
    answer = await opened.hear("ack", "refused")

    assert (status["state"], status["message"]) == (stage, answer["message"])
    assert (answer["type"], answer["seq"], answer["code"]) == ("refused", 1, stage)
    assert answer["message"].endswith(".")
    assert not list(redis_client.scan_iter("lfr:frame:*")), "a refused frame reaches no mailbox"


async def test_a_pause_refuses_the_next_frames_within_two_seconds_and_a_resumption_takes_them(
    socket: Socket, deployment: Deployment, staff: Cast
) -> None:
    await sync_to_async(deployment_pause)(actor=staff.olga, deployment=deployment, reason="Rain.")
    paused = time()
    status = await socket.hear_until("status", state="paused")
    assert time() - paused < 2
    assert "paused" in status["message"]
    await socket.send_frame(1)
    assert (await socket.hear("ack", "refused"))["code"] == "paused"

    await sync_to_async(deployment_resume)(actor=staff.olga, deployment=deployment)
    await socket.hear_until("status", state="live")
    await socket.send_frame(2)
    assert await socket.hear("ack", "refused") == {"type": "ack", "seq": 2}


# --- Messages ---------------------------------------------------------------------------------------------------------


async def test_an_accepted_frame_is_in_the_mailbox_when_it_is_acknowledged(
    socket: Socket, camera: Camera, redis_client: redis.Redis
) -> None:
    await socket.send_frame(7, b"\xff\xd8\xff seven")

    assert await socket.hear("ack") == {"type": "ack", "seq": 7}
    kept = redis_client.hgetall(f"lfr:frame:{camera.pk}")
    assert (kept[b"sequence"], kept[b"jpeg"]) == (b"7", b"\xff\xd8\xff seven")
    assert abs(float(kept[b"received"]) - time()) < 2, "the server's receive time, not the sender's"


async def test_the_job_that_is_queued_holds_ids_and_no_pixels(
    socket: Socket, camera: Camera, redis_client: redis.Redis
) -> None:
    await socket.send_frame(1, b"\xff\xd8\xff PIXELS")
    await socket.hear("ack")
    (message,) = redis_client.lrange("frames", 0, -1)

    assert str(camera.pk) in message.decode() or str(camera.pk) in str(json.loads(message)["headers"])
    assert b"PIXELS" not in message
    assert len(message) < 2000


async def test_every_frame_ends_once_dropped_by_a_newer_one_or_by_time(
    impatient: None, open_socket: Opener, camera: Camera, staff: Cast
) -> None:
    socket = await open_socket(camera_path(camera), staff.olga)
    for sequence in (1, 2, 3):
        await socket.send_frame(sequence)
    heard: list[tuple[str, int]] = []
    while len(heard) < 6:
        message = await socket.hear("ack", "dropped", "result", "refused")
        heard.append((message["type"], message["seq"]))

    assert heard == [("ack", 1), ("ack", 2), ("dropped", 1), ("ack", 3), ("dropped", 2), ("dropped", 3)]
    assert await socket.says_nothing_but("status")


async def test_a_late_answer_for_a_frame_that_has_ended_is_not_sent(
    impatient: None, open_socket: Opener, camera: Camera, staff: Cast, redis_client: redis.Redis
) -> None:
    from channels.layers import get_channel_layer

    socket = await open_socket(camera_path(camera), staff.olga)
    await socket.send_frame(1)
    await socket.hear("ack")
    reply = redis_client.get(f"lfr:owner:{camera.pk}").decode()
    await socket.hear_until("dropped", seq=1)
    await get_channel_layer().send(reply, {"type": "frame.ended", "reply": {"type": "result", "seq": 1, "faces": []}})

    assert await socket.says_nothing_but("status")


def header(magic: bytes = b"LFR1", sequence: int = 1, captured_ms: float = 1.0) -> bytes:
    return struct.pack("<4sId", magic, sequence, captured_ms)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"LFR1",
        header(),
        header(magic=b"LFR2") + b"\xff\xd8",
        header(captured_ms=float("nan")) + b"\xff\xd8",
        header(captured_ms=float("inf")) + b"\xff\xd8",
        header(captured_ms=-1.0) + b"\xff\xd8",
    ],
)
async def test_a_malformed_message_is_refused_and_the_socket_goes_on(message: bytes, socket: Socket) -> None:
    await socket.send_input({"type": "websocket.receive", "bytes": message})
    refusal = await socket.hear("refused", "ack")
    assert (refusal["type"], refusal["seq"], refusal["code"]) == ("refused", None, "malformed")

    await socket.send_frame(1)
    assert await socket.hear("refused", "ack") == {"type": "ack", "seq": 1}


@pytest.mark.parametrize("text", ["", "no json", "[]", "7", '{"type":"decide"}', '{"type":"clock","server_ms":"x"}'])
async def test_text_that_is_not_about_the_clock_is_refused(text: str, socket: Socket) -> None:
    await socket.send_input({"type": "websocket.receive", "text": text})

    assert (await socket.hear("refused", "clock"))["code"] == "malformed"


@pytest.mark.parametrize("again", [5, 4, 0])
async def test_sequence_numbers_must_rise(again: int, socket: Socket) -> None:
    await socket.send_frame(5)
    await socket.hear("ack")
    await socket.send_frame(again)
    refusal = await socket.hear("refused", "ack")

    assert (refusal["type"], refusal["seq"], refusal["code"]) == ("refused", None, "sequence")


async def test_sequence_numbers_begin_again_after_the_last_that_fits(socket: Socket) -> None:
    for sequence in (2**32 - 1, 0, 1):
        await socket.send_frame(sequence)
        assert await socket.hear_until("ack", seq=sequence)


async def test_a_frame_over_the_limit_is_refused_in_words(settings: Any, socket: Socket) -> None:
    settings.LFR_RECOGNITION = {"message_limit": 1000}
    await socket.send_frame(1, b"\xff\xd8\xff" + bytes(1000 - HEADER_BYTES - 3))
    assert await socket.hear("ack", "refused") == {"type": "ack", "seq": 1}
    await socket.send_frame(2, b"\xff\xd8\xff" + bytes(1000 - HEADER_BYTES - 2))
    refusal = await socket.hear("ack", "refused")

    assert (refusal["seq"], refusal["code"]) == (2, "too_large")
    assert "1,001 bytes, the limit is 1,000" in refusal["message"]


# --- One socket per camera --------------------------------------------------------------------------------------------


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


# --- What else it says ------------------------------------------------------------------------------------------------


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
