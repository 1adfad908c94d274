"""A deployment at work through every process: sightings, sockets that listen, a pause, a removal, the close."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rest_framework.authtoken.models import Token
from websockets.sync.client import connect

from lfrweb.embedded.paths import CHECKOUT
from recognition.footage import make_sample
from recognition.footage.people import COLLINS, HOPPER
from tests.cast import Cast, camera_of, make_live
from tests.live.enrolling import enrol
from tests.live.passing import passage, read
from tests.live.sender import camera_socket
from tests.live.stack import FRAMES, Stack
from tests.live.waiting import wait_for
from watchlist.models import Alert, Camera, Deployment, User
from watchlist.services.deployments import deployment_close, deployment_pause
from watchlist.services.lists import list_remove

TRACK_SECONDS = 2.5  # after this long out of sight a person who comes back is a new passage


@pytest.fixture
def deployment(people: Cast) -> Deployment:
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    return make_live(people, collins)


def collins_passes(frames: int = 6) -> list[bytes]:
    return passage([read(COLLINS.path())], frames=frames)


def test_further_passages_are_counted_on_the_alert_that_stands(
    stack: Stack, people: Cast, deployment: Deployment
) -> None:
    with camera_socket(stack, camera_of(deployment), people.olga) as sender:
        sender.send_all(collins_passes())
        wait_for(Alert.objects.exists, what="an alert")
        time.sleep(TRACK_SECONDS)
        sender.send_all(collins_passes())
        wait_for(lambda: Alert.objects.get().sightings == 2, what="a second sighting")
    assert Alert.objects.count() == 1


def test_an_alert_is_told_to_the_operators_page_within_a_second_of_the_frame(
    stack: Stack, people: Cast, deployment: Deployment
) -> None:
    token = Token.objects.get_or_create(user=people.omar)[0].key
    address = f"{stack.socket_url}/ws/operator/{deployment.pk}/"
    with (
        connect(address, additional_headers={"Authorization": f"Token {token}"}) as page,
        camera_socket(stack, camera_of(deployment), people.olga) as sender,
    ):
        sender.send_all(collins_passes())
        heard = []
        while not heard or heard[-1]["type"] != "alert.raised":
            heard.append(json.loads(page.recv(timeout=10)))
        alert = Alert.objects.get()
    assert heard[-1]["alert"] == str(alert.pk)
    assert (alert.raised_at - alert.captured_at).total_seconds() < 1


def test_a_person_taken_off_the_list_is_not_found_any_more(stack: Stack, people: Cast, deployment: Deployment) -> None:
    with camera_socket(stack, camera_of(deployment), people.olga) as sender:
        sender.send(passage([read(HOPPER.path())], frames=1)[0])  # workers hold the gallery now
        list_remove(actor=people.sam, entry=deployment.entries.get(), reason="Found.")
        ends = sender.send_all(collins_passes(8))
    assert {end["type"] for end in ends} == {"result"}
    time.sleep(1)
    assert not Alert.objects.exists()


def test_a_pause_stops_the_frames_within_two_seconds(stack: Stack, people: Cast, deployment: Deployment) -> None:
    with camera_socket(stack, camera_of(deployment), people.olga) as sender:
        frames = collins_passes(2)
        assert sender.send(frames[0])["type"] == "result"
        deployment_pause(actor=people.olga, deployment=deployment, reason="Rain.")
        refused = sender.send(frames[1])
        assert (refused["type"], refused["code"]) == ("refused", "paused")
        sender.hears(lambda said: said["type"] == "status" and said["state"] == "paused", seconds=2)


def test_nothing_of_a_closed_deployments_list_stays_in_any_workers_memory(
    stack: Stack, people: Cast, deployment: Deployment
) -> None:
    with camera_socket(stack, camera_of(deployment), people.olga) as sender:
        sender.send_all(collins_passes(6))
    assert wait_for(lambda: holders(stack, deployment), what="a worker that has the gallery mapped")
    deployment_close(actor=people.olga, deployment=deployment, reason="Over.")
    started = time.monotonic()
    wait_for(lambda: not holders(stack, deployment), what="the workers to let go", seconds=6)
    assert time.monotonic() - started < 6
    shared = stack.state.shared_memory
    assert shared is None or not list(shared.glob(f"{deployment.pk}*"))


def test_nothing_of_a_list_stays_in_shared_memory_when_the_workers_stop(
    stack: Stack, people: Cast, deployment: Deployment
) -> None:
    shared = stack.state.shared_memory
    assert shared is not None, "This machine has no /dev/shm."
    with camera_socket(stack, camera_of(deployment), people.olga) as sender:
        sender.send(collins_passes(1)[0])
    assert list(shared.glob(f"{deployment.pk}*"))
    stack.stop(FRAMES)
    try:
        assert not list(shared.iterdir())
    finally:
        stack.start(FRAMES)


def holders(stack: Stack, deployment: Deployment) -> list[int]:
    """Processes of the `frames` worker that have the deployment's gallery mapped, unlinked or not."""
    leader = stack.running[FRAMES].pid
    group = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _group(entry) == leader]
    return [pid for pid in group if str(deployment.pk) in Path(f"/proc/{pid}/maps").read_text()]


def _group(entry: Path) -> int | None:
    try:
        return os.getpgid(int(entry.name))
    except ProcessLookupError:
        return None


# --- manage.py stream -------------------------------------------------------------------------------------------------


def stream(stack: Stack, source: Path, camera: Camera, user: User) -> subprocess.CompletedProcess[str]:
    token = Token.objects.get_or_create(user=user)[0].key
    command = ["manage.py", "stream", str(source), "--camera", str(camera.pk), "--url", stack.socket_url, "--fps", "10"]
    return subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env=os.environ | {"LFR_TOKEN": token},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_file_is_streamed_through_the_same_socket(
    stack: Stack, people: Cast, deployment: Deployment, tmp_path: Path
) -> None:
    done = stream(stack, make_sample(tmp_path / "sample.webm"), camera_of(deployment), people.olga)

    assert done.returncode == 0, done.stderr
    assert "The deployment is live." in done.stdout
    assert "In all:" in done.stdout
    alert = wait_for(Alert.objects.first, what="an alert")
    assert alert.subject.entries.get().deployment == deployment


def test_who_may_not_send_is_told_in_the_servers_words(
    stack: Stack, people: Cast, deployment: Deployment, tmp_path: Path
) -> None:
    done = stream(stack, make_sample(tmp_path / "sample.webm"), camera_of(deployment), people.finn)

    assert done.returncode == 1
    assert "Only the operator" in done.stderr
