"""The web process stops under a camera in use, in order or not: the end of the use is on the record."""

import json
import os
import signal
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from recognition.footage.people import COLLINS, HOPPER
from tests.cast import Cast, camera_of, make_live
from tests.live.enrolling import enrol
from tests.live.passing import passage, read
from tests.live.sender import camera_socket
from tests.live.stack import WEB, Stack
from tests.live.waiting import wait_for
from watchlist.models import AuditEntry, CameraUse, Subject
from watchlist.services.cameras import LOST_AFTER


@pytest.fixture
def collins(people: Cast) -> Subject:
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    return collins


def ends() -> list[dict[str, Any]]:
    return [json.loads(entry.body)["facts"] for entry in AuditEntry.objects.filter(action="camera.disconnected")]


def test_a_server_that_stops_in_order_records_the_end_of_every_use(stack: Stack, people: Cast, collins: Subject):
    cameras = [camera_of(make_live(people, collins)) for _ in range(3)]
    with (
        pytest.raises(ConnectionClosed),
        camera_socket(stack, cameras[0], people.olga) as sender,
        camera_socket(stack, cameras[1], people.olga),
        camera_socket(stack, cameras[2], people.omar),
    ):
        sender.send_all(passage([read(HOPPER.path())], frames=2))
        # For a second: Daphne ends no socket in order while it still holds a request that became one.
        wait_for(lambda: CameraUse.objects.filter(coverage__seconds__gt=0).count() == 3, what="three cameras in use")
        stack.stop(WEB)
        assert sorted(end["ending"] for end in ends()) == ["closed"] * 3
        assert sorted(end["results"] for end in ends()) == [0, 0, 2]
        sender.wait_for(lambda _: False)
    stack.start(WEB)


def test_the_clock_records_the_end_of_a_use_whose_server_was_killed(stack: Stack, people: Cast, collins: Subject):
    camera = camera_of(make_live(people, collins))
    with pytest.raises(ConnectionClosed), camera_socket(stack, camera, people.olga) as sender:
        wait_for(CameraUse.objects.exists, what="the camera to be in use")
        os.killpg(stack.running.pop(WEB).pid, signal.SIGKILL)
        sender.wait_for(lambda _: False)
    assert ends() == []
    use = CameraUse.objects.get()
    CameraUse.objects.update(noted_at=use.noted_at - LOST_AFTER)  # as if a minute had passed
    wait_for(ends, what="the end of the use", seconds=30)
    assert [(end["use"], end["ending"]) for end in ends()] == [(str(use.pk), "lost")]
    stack.start(WEB)
