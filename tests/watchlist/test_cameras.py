"""Every use of a camera ends once on the record, also where the server that had it is no more."""

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast, camera_of, make_draft, make_live
from watchlist.errors import NotFound, Refused
from watchlist.models import AuditEntry, Camera, CameraUse
from watchlist.services.cameras import (
    LOST_AFTER,
    Coverage,
    camera_connected,
    camera_disconnected,
    camera_watched,
    cameras_end_lost,
)
from watchlist.services.staffing import camera_remove

SEEN = Coverage(seconds=40.0, watched_seconds=35.5, gaps=1, frames=200, results=170, dropped=30)


@pytest.fixture
def camera(cast: Cast) -> Camera:
    return camera_of(make_live(cast))


def ends() -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in AuditEntry.objects.filter(action="camera.disconnected")]


def test_a_use_ends_once_with_its_figures(cast: Cast, camera: Camera) -> None:
    use = camera_connected(actor=cast.olga, camera=camera, now=timezone.now())
    camera_disconnected(use=use, coverage=SEEN)
    camera_disconnected(use=use, coverage=SEEN)

    [end] = ends()
    assert end["actor"] == str(cast.olga.pk)
    assert end["facts"] == {
        "camera": str(camera.pk),
        "use": str(use.pk),
        "ending": "closed",
        "seconds": 40.0,
        "watched_seconds": 35.5,
        "gaps": 1,
        "frames": 200,
        "results": 170,
        "dropped": 30,
    }
    assert not CameraUse.objects.exists()


def test_a_use_that_was_lost_ends_with_what_was_noted_last(cast: Cast, camera: Camera) -> None:
    now = timezone.now()
    use = camera_connected(actor=cast.olga, camera=camera, now=now)
    assert camera_watched(use=use, coverage=SEEN, now=now)

    assert cameras_end_lost(now=now + LOST_AFTER) == 1
    assert cameras_end_lost(now=now + LOST_AFTER) == 0
    [end] = ends()
    assert (end["actor"], end["facts"]["ending"], end["facts"]["results"]) == ("system", "lost", 170)


def test_what_has_been_given_up_is_told_so_and_ends_no_second_time(cast: Cast, camera: Camera) -> None:
    now = timezone.now()
    use = camera_connected(actor=cast.olga, camera=camera, now=now)
    cameras_end_lost(now=now + LOST_AFTER)

    assert not camera_watched(use=use, coverage=SEEN, now=now)
    camera_disconnected(use=use, coverage=SEEN)
    assert len(ends()) == 1


def test_a_use_of_another_server_that_stands_is_left_alone(cast: Cast, camera: Camera) -> None:
    now = timezone.now()
    lost = camera_connected(actor=cast.olga, camera=camera, now=now - LOST_AFTER)
    stands = camera_connected(actor=cast.omar, camera=camera, now=now - LOST_AFTER)
    camera_watched(use=stands, coverage=SEEN, now=now - LOST_AFTER + dt.timedelta(milliseconds=1))

    assert cameras_end_lost(now=now) == 1
    assert [end["facts"]["use"] for end in ends()] == [str(lost.pk)]
    assert CameraUse.objects.get() == stands


def test_a_camera_that_is_open_is_not_removed(cast: Cast) -> None:
    camera = camera_of(make_draft(cast))
    use = camera_connected(actor=cast.olga, camera=camera, now=timezone.now())
    with pytest.raises(Refused, match="open on somebody's page"):
        camera_remove(actor=cast.sam, camera=camera)
    camera_disconnected(use=use, coverage=SEEN)
    camera_remove(actor=cast.sam, camera=camera)


def test_a_camera_that_has_been_removed_is_not_opened(cast: Cast) -> None:
    camera = camera_of(make_draft(cast))
    camera_remove(actor=cast.sam, camera=camera_of(camera.deployment))
    with pytest.raises(NotFound, match="removed"):
        camera_connected(actor=cast.olga, camera=camera, now=timezone.now())
    assert not CameraUse.objects.exists()
