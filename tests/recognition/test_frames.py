"""What a worker makes of the newest frame: boxes for the page, candidates sealed for verification, nothing else."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from time import time
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import redis
from channels.layers import get_channel_layer
from kombu.exceptions import OperationalError

from recognition import candidates, mailbox, tasks, trackstore
from recognition.footage.people import COLLINS, HOPPER
from recognition.mailbox import Frame
from recognition.pipeline.types import Tracks
from recognition.services import counting, frames
from recognition.services.frames import handle_frame
from tests.cast import Cast
from tests.live.passing import passage, read
from tests.recognition.walking import SOCKET, look, put, walk_by
from watchlist.models import Alert, Camera, Deployment
from watchlist.services.deployments import deployment_pause


@pytest.fixture
def replies(redis_client: redis.Redis) -> Iterator[Callable[[], dict[str, Any]]]:
    """What the socket would be sent, one call for each message."""
    with redis_client.pubsub() as listening:
        listening.subscribe(SOCKET)
        listening.get_message(timeout=5)  # the confirmation

        def next_reply() -> dict[str, Any]:
            message = listening.get_message(timeout=5)
            assert message is not None, "The socket was told nothing."
            reply: dict[str, Any] = get_channel_layer().deserialize(message["data"])["reply"]
            return reply

        yield next_reply


def test_a_face_is_a_box_and_a_quality_whether_listed_or_not(
    watching: Camera, replies: Callable[[], dict[str, Any]]
) -> None:
    (jpeg,) = passage([read(COLLINS.path()), read(HOPPER.path())], frames=1)
    look(watching, jpeg, sequence=41)
    reply = replies()

    assert (reply["type"], reply["seq"], len(reply["faces"])) == ("result", 41, 2)
    assert {frozenset(face) for face in reply["faces"]} == {
        frozenset({"track", "box", "quality", "usable", "shortfalls"})
    }
    assert set(reply) == {"type", "seq", "faces", "timing"}
    assert set(reply["timing"]) == {"queue_ms", "decode_ms", "detect_ms", "embed_ms", "search_ms", "total_ms"}


def test_a_listed_person_who_passes_is_left_for_verification_once(watching: Camera) -> None:
    assert len(walk_by(watching, COLLINS, count=8)) == 1


def test_another_person_who_passes_leaves_nothing_but_tracks_and_counts(
    watching: Camera, watched: Deployment, redis_client: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    assert walk_by(watching, HOPPER) == []

    kinds = {name.decode().split(":")[1] for name in redis_client.scan_iter("lfr:*")}
    assert kinds == {"tracks", "counted", "owner"}
    tracks = json.loads(redis_client.get(f"lfr:tracks:{watching.pk}"))
    assert numbers_in(tracks) < 40, "boxes, times and scores; a template has 384"
    assert 0 < redis_client.pttl(f"lfr:tracks:{watching.pk}") <= 5000
    assert not Alert.objects.exists()


def numbers_in(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(numbers_in(part) for part in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, int | float)


def test_faces_and_templates_are_counted_and_written_down(watching: Camera, watched: Deployment) -> None:
    walk_by(watching, HOPPER, count=4)
    counting.flush()
    counting.flush()  # nothing is counted twice
    watched.refresh_from_db()

    assert (watched.faces_seen, watched.templates_destroyed) == (1, 4)


def test_counts_that_cannot_be_written_are_kept(watched: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    counting.count(watched.pk, faces_seen=2, templates_destroyed=9)

    def fail(**_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(counting, "deployment_counted", fail)
        with pytest.raises(ConnectionError):
            counting.flush()
    counting.flush()
    watched.refresh_from_db()

    assert (watched.faces_seen, watched.templates_destroyed) == (2, 9)


def test_a_frame_that_waited_while_the_deployment_was_paused_is_refused(
    cast: Cast, watching: Camera, watched: Deployment, replies: Callable[[], dict[str, Any]]
) -> None:
    token = put(watching.pk, passage([read(HOPPER.path())], frames=1)[0])
    deployment_pause(actor=cast.olga, deployment=watched, reason="Rain.")
    handle_frame(camera_id=watching.pk, token=token)
    reply = replies()

    assert (reply["type"], reply["seq"], reply["code"]) == ("refused", 1, "paused")
    assert trackstore.load(watching.pk) == Tracks(), "it was not looked at"


@pytest.mark.parametrize(
    ("jpeg", "code"), [(b"GIF89a", "not_jpeg"), (b"\xff\xd8\xff\xe0 nothing", "broken"), (b"\xff\xd8\xff", "broken")]
)
def test_bytes_that_are_no_picture_are_refused_and_the_camera_goes_on(
    jpeg: bytes, code: str, watching: Camera, replies: Callable[[], dict[str, Any]]
) -> None:
    look(watching, jpeg)
    assert replies()["code"] == code
    look(watching, passage([read(HOPPER.path())], frames=1)[0], sequence=2)

    assert replies()["type"] == "result"


def test_an_error_on_the_way_reaches_neither_log_nor_socket_with_what_it_quotes(
    watching: Camera,
    replies: Callable[[], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any, jpeg: bytes, **__: Any) -> None:
        raise ValueError(f"cannot look at {np.frombuffer(jpeg, np.uint8)[:64].tolist()}")

    monkeypatch.setattr(frames, "process_frame", fail)
    with caplog.at_level(logging.DEBUG):
        look(watching, b"\xff\xd8\xff" + bytes(range(61)))
    reply = replies()

    assert (reply["type"], reply["code"]) == ("refused", "failed")
    assert "ValueError at test_frames.py" in caplog.text
    assert "cannot look at" not in caplog.text + str(reply)
    assert "216, 255" not in caplog.text + str(reply)
    assert caplog.records[-1].exc_info is None, "no traceback that would quote the message"


def test_a_candidate_that_cannot_be_left_is_left_with_the_next_frame(
    watching: Camera, replies: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def time_out(*_: Any, **__: Any) -> None:
        raise redis.TimeoutError

    with monkeypatch.context() as broken:
        broken.setattr(candidates, "leave", time_out)
        assert walk_by(watching, COLLINS) == []
    ends = [replies()["type"] for _ in range(4)]
    assert ends == ["result", "refused", "refused", "refused"]  # two good frames agree

    assert len(walk_by(watching, COLLINS)) == 1


def test_what_cannot_be_queued_takes_no_answer_away(
    watching: Camera,
    replies: Callable[[], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def unreachable(*_: Any) -> None:
        raise OperationalError("Error 111 connecting")

    monkeypatch.setattr(tasks.verify_candidate, "delay", unreachable)
    for sequence, jpeg in enumerate(passage([read(COLLINS.path())], frames=4)):
        tasks.process_frame(str(watching.pk), put(watching.pk, jpeg, sequence))
    assert [replies()["seq"] for _ in range(4)] == [0, 1, 2, 3]
    assert [record.message.split(":")[0] for record in caplog.records if record.levelno >= logging.ERROR] == [
        "recognition.tasks.verify_candidate could not be queued"
    ]


def test_the_newest_frame_that_came_while_one_was_looked_at_asks_for_another_job(watching: Camera) -> None:
    jpeg = passage([read(HOPPER.path())], frames=1)[0]
    token = put(watching.pk, jpeg, sequence=1)
    real, frames_put = mailbox.take, []

    def take_and_put(camera_id: UUID, *, token: str) -> Frame | None:
        taken = real(camera_id, token=token)
        if not frames_put:
            frames_put.append(asyncio.run(mailbox.put(camera_id, Frame(2, time(), SOCKET, jpeg))))
        return taken

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mailbox, "take", take_and_put)
        assert handle_frame(camera_id=watching.pk, token=token).another is True
    assert frames_put[0].token is None
    assert handle_frame(camera_id=watching.pk, token=token).another is False
