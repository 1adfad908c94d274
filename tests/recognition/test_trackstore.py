"""Tracks wait between two frames for seconds, and a job that overslept does not overwrite newer ones."""

import asyncio
from time import sleep, time
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis

from recognition import mailbox, trackstore
from recognition.mailbox import Frame
from recognition.pipeline.types import Evidence, Track, Tracks

TRACKS = Tracks(
    (
        Track(
            id="3",
            box=(10.0, 20.0, 80.0, 90.0),
            born=1000.25,
            seen=1001.5,
            frames=6,
            usable=4,
            best_quality=0.75,
            evidence={"subject": Evidence("reference", (0.91, 0.93), (0.5, 0.75), 0.93)},
            raised={"subject": 1001.25},
        ),
    ),
    next_id=4,
)


@pytest.fixture(autouse=True)
def _real_redis(redis_client: redis.Redis) -> None:
    """All of this is about what Redis does."""


def begin_job(camera: UUID) -> str:
    put = asyncio.run(mailbox.put(camera, Frame(1, time(), "specific.socket", b"jpeg")))
    assert put.token
    return put.token


def test_what_was_saved_is_loaded() -> None:
    camera = uuid4()

    assert trackstore.save(camera, TRACKS, token=begin_job(camera)) is True
    assert trackstore.load(camera) == TRACKS


def test_a_camera_nobody_knows_has_no_tracks() -> None:
    assert trackstore.load(uuid4()) == Tracks()


def test_tracks_of_one_camera_are_not_anothers() -> None:
    camera = uuid4()
    trackstore.save(camera, TRACKS, token=begin_job(camera))

    assert trackstore.load(uuid4()) == Tracks()


def test_tracks_expire(settings: Any, redis_client: redis.Redis) -> None:
    settings.LFR_RECOGNITION = {"track_life": 0.1}
    camera = uuid4()
    trackstore.save(camera, TRACKS, token=begin_job(camera))
    assert trackstore.load(camera) == TRACKS
    sleep(0.15)

    assert trackstore.load(camera) == Tracks()
    assert not list(redis_client.scan_iter("*tracks*"))


def test_a_job_that_lost_its_camera_saves_nothing(settings: Any) -> None:
    settings.LFR_RECOGNITION = {"job_life": 0.1}
    camera = uuid4()
    overslept = begin_job(camera)
    sleep(0.15)
    current = begin_job(camera)
    trackstore.save(camera, TRACKS, token=current)

    assert trackstore.save(camera, Tracks(), token=overslept) is False
    assert trackstore.load(camera) == TRACKS


def test_what_another_version_wrote_is_dropped(redis_client: redis.Redis) -> None:
    camera = uuid4()
    redis_client.set(f"lfr:tracks:{camera}", '{"tracks": []}')

    assert trackstore.load(camera) == Tracks()
