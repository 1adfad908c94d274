"""The newest frame of a camera is the one looked at next; nothing is stranded, nothing piles up."""

import asyncio
import threading
from time import sleep, time
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis

from recognition import mailbox
from recognition.connections import key
from recognition.mailbox import Frame, Put

SOCKET, OTHER_SOCKET = "specific.one", "specific.other"


@pytest.fixture(autouse=True)
def _real_redis(redis_client: redis.Redis) -> None:
    """All of this is about what Redis does."""


@pytest.fixture
def short_lives(settings: Any) -> None:
    settings.LFR_RECOGNITION = {"frame_life": 0.1, "job_life": 0.1}


def put(camera: UUID, sequence: int, reply: str = SOCKET) -> Put:
    return asyncio.run(mailbox.put(camera, Frame(sequence, time(), reply, b"jpeg %d" % sequence)))


def token_of(put: Put) -> str:
    assert put.token is not None
    return put.token


def taken(camera: UUID, token: str) -> int | None:
    frame = mailbox.take(camera, token=token)
    return frame.sequence if frame else None


def test_a_frame_is_taken_as_it_was_put() -> None:
    camera, now = uuid4(), time()
    token = token_of(asyncio.run(mailbox.put(camera, Frame(2**32 - 1, now, SOCKET, b"\xff\xd8\x00\xff"))))

    assert mailbox.take(camera, token=token) == Frame(2**32 - 1, now, SOCKET, b"\xff\xd8\x00\xff")


def test_a_frame_is_taken_once() -> None:
    camera = uuid4()
    token = token_of(put(camera, 1))

    assert taken(camera, token) == 1
    assert taken(camera, token) is None


def test_a_newer_frame_overwrites_and_the_older_is_named() -> None:
    camera = uuid4()
    first = put(camera, 1)
    second, third = put(camera, 2), put(camera, 3)

    assert (first.overwritten, second.overwritten, third.overwritten) == (None, 1, 2)
    assert taken(camera, token_of(first)) == 3


def test_only_one_job_is_asked_for_however_many_frames_come() -> None:
    camera = uuid4()
    tokens = [put(camera, sequence).token for sequence in range(5)]

    assert tokens[0] is not None
    assert tokens[1:] == [None] * 4


def test_a_frame_that_came_while_the_job_ran_is_not_stranded() -> None:
    camera = uuid4()
    token = token_of(put(camera, 1))
    taken(camera, token)
    assert put(camera, 2).token is None

    assert mailbox.finish(camera, token=token) is True
    assert taken(camera, token) == 2
    assert mailbox.finish(camera, token=token) is False


def test_a_frame_that_came_after_the_job_had_ended_asks_for_another() -> None:
    camera = uuid4()
    token = token_of(put(camera, 1))
    taken(camera, token)
    assert mailbox.finish(camera, token=token) is False

    assert put(camera, 2).token not in (None, token)


@pytest.mark.usefixtures("short_lives")
def test_a_lost_job_frees_its_camera() -> None:
    camera = uuid4()
    lost = token_of(put(camera, 1))
    sleep(0.15)
    again = put(camera, 2)

    assert again.token not in (None, lost)
    assert taken(camera, token_of(again)) == 2


@pytest.mark.usefixtures("short_lives")
def test_a_job_given_up_for_lost_neither_takes_nor_frees_what_is_anothers() -> None:
    camera = uuid4()
    lost = token_of(put(camera, 1))
    sleep(0.15)
    current = token_of(put(camera, 2))

    assert taken(camera, lost) is None
    assert mailbox.finish(camera, token=lost) is False
    assert put(camera, 3).token is None, "the camera is still the current job's"
    assert taken(camera, current) == 3


@pytest.mark.usefixtures("short_lives")
def test_a_frame_nobody_takes_expires() -> None:
    camera = uuid4()
    token = token_of(put(camera, 1))
    put(camera, 2)
    sleep(0.15)

    assert taken(camera, token) is None


def test_every_key_expires_by_itself(redis_client: redis.Redis) -> None:
    camera = uuid4()
    asyncio.run(mailbox.claim(camera, reply=SOCKET))
    put(camera, 1)
    lives = {name: redis_client.pttl(name) for name in redis_client.scan_iter("*")}

    assert len(lives) == 3
    assert all(0 < life <= 30_000 for life in lives.values())
    assert redis_client.pttl(key("frame", camera)) <= 2000


def test_memory_does_not_grow_with_the_frames(redis_client: redis.Redis) -> None:
    camera = uuid4()
    for sequence in range(50):
        asyncio.run(mailbox.put(camera, Frame(sequence, time(), SOCKET, bytes(100_000))))

    assert redis_client.memory_usage(key("frame", camera)) < 150_000


def test_cameras_do_not_disturb_each_other() -> None:
    north, south = uuid4(), uuid4()
    tokens = token_of(put(north, 1)), token_of(put(south, 7))

    assert (taken(north, tokens[0]), taken(south, tokens[1])) == (1, 7)


def test_the_newer_socket_has_the_camera() -> None:
    camera = uuid4()
    asyncio.run(mailbox.claim(camera, reply=SOCKET))
    assert put(camera, 1).replaced is False
    asyncio.run(mailbox.claim(camera, reply=OTHER_SOCKET))

    assert put(camera, 2).replaced is True
    assert asyncio.run(mailbox.hold(camera, reply=SOCKET)) is False
    assert asyncio.run(mailbox.hold(camera, reply=OTHER_SOCKET)) is True


def test_a_frame_of_the_socket_before_is_not_named_to_the_newer() -> None:
    camera = uuid4()
    asyncio.run(mailbox.claim(camera, reply=SOCKET))
    put(camera, 1)
    asyncio.run(mailbox.claim(camera, reply=OTHER_SOCKET))

    assert put(camera, 1, OTHER_SOCKET).overwritten is None


def test_a_socket_that_leaves_does_not_take_the_camera_from_the_next() -> None:
    camera = uuid4()
    asyncio.run(mailbox.claim(camera, reply=SOCKET))
    asyncio.run(mailbox.claim(camera, reply=OTHER_SOCKET))
    asyncio.run(mailbox.let_go(camera, reply=SOCKET))

    assert put(camera, 1).replaced is True


def test_under_concurrent_sending_and_working_every_frame_ends_once_in_order_and_the_newest_is_seen() -> None:
    """One sender as fast as it can, two workers that take jobs from a queue as Celery's would."""
    camera, frames = uuid4(), 300
    jobs: list[str] = []
    seen: list[int] = []
    overwritten: list[int] = []
    clashes: list[str] = []  # jobs that ran while another did
    running = threading.Lock()
    arrived, over = threading.Condition(), threading.Event()

    def queue(token: str) -> None:
        with arrived:
            jobs.append(token)
            arrived.notify()

    def work() -> None:
        while True:
            with arrived:
                while not jobs and not over.is_set():
                    arrived.wait(0.05)
                if not jobs:
                    return
                token = jobs.pop(0)
            if not running.acquire(blocking=False):
                clashes.append(token)
                continue
            sequence = taken(camera, token)
            if sequence is not None:
                seen.append(sequence)
            sleep(0.002)
            running.release()
            if mailbox.finish(camera, token=token):
                queue(token)

    async def send() -> None:
        for sequence in range(frames):
            result = await mailbox.put(camera, Frame(sequence, time(), SOCKET, bytes(1000)))
            if result.overwritten is not None:
                overwritten.append(result.overwritten)
            if result.token:
                queue(result.token)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    asyncio.run(send())
    over.set()
    for worker in workers:
        worker.join(10)

    assert not clashes
    assert seen == sorted(seen)
    assert seen[-1] == frames - 1
    assert sorted(seen + overwritten) == list(range(frames))
