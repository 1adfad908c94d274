"""What a camera's socket answers to each message: an ack and exactly one end, or why not."""

import json
import struct
from time import time
from typing import Any

import pytest
import redis

from recognition.consumers.protocol import HEADER_BYTES
from tests.cast import Cast
from tests.recognition.sockets import Opener, Socket, camera_path
from watchlist.models import Camera


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
    _, message = redis_client.blpop("frames", timeout=10)  # the job follows the ack

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
