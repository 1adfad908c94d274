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

from recognition import candidates, gallery, mailbox, trackstore
from recognition.enrolment import check_reference
from recognition.footage.people import COLLINS, HOPPER
from recognition.mailbox import Frame
from recognition.packs.calibration import shipped
from recognition.pipeline.types import Tracks
from recognition.services import counting, frames, verification
from recognition.services.frames import Handled, handle_frame
from tests.cast import PACK, Cast, camera_of, make_live, make_pending, make_subject
from tests.live.passing import passage, read
from watchlist.models import Alert, Camera, Deployment, Subject
from watchlist.services.deployments import deployment_close, deployment_pause
from watchlist.services.lists import list_remove
from watchlist.services.references import reference_withdraw

SOCKET = "specific.frames.test"


@pytest.fixture
def collins(cast: Cast) -> Subject:
    """Enrolled from her photograph by the real engine."""
    subject = make_subject(cast)
    check_reference(make_pending(cast, subject, COLLINS.path().read_bytes()).pk)
    return subject


@pytest.fixture
def deployment(cast: Cast, collins: Subject, redis_client: redis.Redis) -> Iterator[Deployment]:
    threshold = shipped(PACK).threshold_for(gallery_size=1)
    yield make_live(cast, collins, threshold=threshold)
    gallery._held.clear()


@pytest.fixture
def camera(deployment: Deployment) -> Camera:
    return camera_of(deployment)


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


def put(camera_id: UUID, jpeg: bytes, sequence: int = 1) -> str:
    """As the socket does; the token of the job."""
    token = asyncio.run(mailbox.put(camera_id, Frame(sequence, time(), SOCKET, jpeg))).token
    assert token is not None
    return token


def look(camera: Camera, jpeg: bytes, sequence: int = 1) -> Handled:
    return handle_frame(camera_id=camera.pk, token=put(camera.pk, jpeg, sequence))


def walk_by(camera: Camera, person: Any, count: int = 4) -> list[str]:
    """Candidates that come of somebody passing."""
    left: list[str] = []
    for sequence, jpeg in enumerate(passage([read(person.path())], frames=count)):
        left += look(camera, jpeg, sequence).candidates
    return left


def test_a_face_is_a_box_and_a_quality_whether_listed_or_not(
    camera: Camera, replies: Callable[[], dict[str, Any]]
) -> None:
    (jpeg,) = passage([read(COLLINS.path()), read(HOPPER.path())], frames=1)
    look(camera, jpeg, sequence=41)
    reply = replies()

    assert (reply["type"], reply["seq"], len(reply["faces"])) == ("result", 41, 2)
    assert {frozenset(face) for face in reply["faces"]} == {
        frozenset({"track", "box", "quality", "usable", "shortfalls"})
    }
    assert set(reply) == {"type", "seq", "faces", "timing"}
    assert set(reply["timing"]) == {"queue_ms", "decode_ms", "detect_ms", "embed_ms", "search_ms", "total_ms"}


def test_a_listed_person_who_passes_is_left_for_verification_once(camera: Camera) -> None:
    assert len(walk_by(camera, COLLINS, count=8)) == 1


def test_another_person_who_passes_leaves_nothing_but_tracks_and_counts(
    camera: Camera, deployment: Deployment, redis_client: redis.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    assert walk_by(camera, HOPPER) == []

    kinds = {name.decode().split(":")[1] for name in redis_client.scan_iter("lfr:*")}
    assert kinds == {"tracks", "counted", "owner"}
    tracks = json.loads(redis_client.get(f"lfr:tracks:{camera.pk}"))
    assert numbers_in(tracks) < 40, "boxes, times and scores; a template has 128"
    assert 0 < redis_client.pttl(f"lfr:tracks:{camera.pk}") <= 5000
    assert not Alert.objects.exists()


def numbers_in(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(numbers_in(part) for part in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, int | float)


def test_faces_and_templates_are_counted_and_written_down(camera: Camera, deployment: Deployment) -> None:
    walk_by(camera, HOPPER, count=4)
    counting.flush()
    counting.flush()  # nothing is counted twice
    deployment.refresh_from_db()

    assert (deployment.faces_seen, deployment.templates_destroyed) == (1, 4)


def test_counts_that_cannot_be_written_are_kept(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    counting.count(deployment.pk, faces_seen=2, templates_destroyed=9)

    def fail(**_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(counting, "deployment_counted", fail)
        with pytest.raises(ConnectionError):
            counting.flush()
    counting.flush()
    deployment.refresh_from_db()

    assert (deployment.faces_seen, deployment.templates_destroyed) == (2, 9)


def test_a_frame_that_waited_while_the_deployment_was_paused_is_refused(
    cast: Cast, camera: Camera, deployment: Deployment, replies: Callable[[], dict[str, Any]]
) -> None:
    token = put(camera.pk, passage([read(HOPPER.path())], frames=1)[0])
    deployment_pause(actor=cast.olga, deployment=deployment, reason="Rain.")
    handle_frame(camera_id=camera.pk, token=token)
    reply = replies()

    assert (reply["type"], reply["seq"], reply["code"]) == ("refused", 1, "paused")
    assert trackstore.load(camera.pk) == Tracks(), "it was not looked at"


@pytest.mark.parametrize(
    ("jpeg", "code"), [(b"GIF89a", "not_jpeg"), (b"\xff\xd8\xff\xe0 nothing", "broken"), (b"\xff\xd8\xff", "broken")]
)
def test_bytes_that_are_no_picture_are_refused_and_the_camera_goes_on(
    jpeg: bytes, code: str, camera: Camera, replies: Callable[[], dict[str, Any]]
) -> None:
    look(camera, jpeg)
    assert replies()["code"] == code
    look(camera, passage([read(HOPPER.path())], frames=1)[0], sequence=2)

    assert replies()["type"] == "result"


def test_an_error_on_the_way_reaches_neither_log_nor_socket_with_what_it_quotes(
    camera: Camera,
    replies: Callable[[], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any, jpeg: bytes, **__: Any) -> None:
        raise ValueError(f"cannot look at {np.frombuffer(jpeg, np.uint8)[:64].tolist()}")

    monkeypatch.setattr(frames, "process_frame", fail)
    with caplog.at_level(logging.DEBUG):
        look(camera, b"\xff\xd8\xff" + bytes(range(61)))
    reply = replies()

    assert (reply["type"], reply["code"]) == ("refused", "failed")
    assert "ValueError at test_frames.py" in caplog.text
    assert "cannot look at" not in caplog.text + str(reply)
    assert "216, 255" not in caplog.text + str(reply)
    assert caplog.records[-1].exc_info is None, "no traceback that would quote the message"


def test_the_newest_frame_that_came_while_one_was_looked_at_asks_for_another_job(camera: Camera) -> None:
    jpeg = passage([read(HOPPER.path())], frames=1)[0]
    token = put(camera.pk, jpeg, sequence=1)
    real, frames_put = mailbox.take, []

    def take_and_put(camera_id: UUID, *, token: str) -> Frame | None:
        taken = real(camera_id, token=token)
        if not frames_put:
            frames_put.append(asyncio.run(mailbox.put(camera_id, Frame(2, time(), SOCKET, jpeg))))
        return taken

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mailbox, "take", take_and_put)
        assert handle_frame(camera_id=camera.pk, token=token).another is True
    assert frames_put[0].token is None
    assert handle_frame(camera_id=camera.pk, token=token).another is False


# --- Candidates -------------------------------------------------------------------------------------------------------


@pytest.fixture
def candidate(camera: Camera) -> str:
    (left,) = walk_by(camera, COLLINS)
    return left


def verify(deployment: Deployment, candidate: str) -> Alert | None:
    return verification.verify_candidate(candidate_id=candidate, deployment_id=deployment.pk)


def kept(redis_client: redis.Redis) -> list[bytes]:
    return list(redis_client.scan_iter("lfr:candidate:*"))


def test_a_candidate_waits_sealed_and_for_seconds(candidate: str, redis_client: redis.Redis) -> None:
    (name,) = kept(redis_client)
    sealed = redis_client.get(name)

    assert 0 < redis_client.pttl(name) <= 10_000
    assert b"\xff\xd8\xff" not in sealed
    assert b"landmarks" not in sealed


def test_a_verified_candidate_is_an_alert_with_what_gives_its_score_a_meaning(
    candidate: str, deployment: Deployment, collins: Subject, camera: Camera, redis_client: redis.Redis
) -> None:
    alert = verify(deployment, candidate)

    assert alert is not None
    assert (alert.subject, alert.camera, alert.list_size, alert.pack) == (collins, camera, 1, PACK)
    assert alert.list_version == deployment.gallery_version
    assert alert.score >= alert.threshold == deployment.threshold
    assert alert.verification["distance"] <= alert.verification["threshold"]
    assert not kept(redis_client)


def test_a_candidate_is_collected_once(candidate: str, deployment: Deployment) -> None:
    assert verify(deployment, candidate) is not None
    assert verify(deployment, candidate) is None
    assert Alert.objects.count() == 1


def test_the_same_person_passing_again_is_counted_on_the_alert_that_stands(
    candidate: str, camera: Camera, deployment: Deployment, redis_client: redis.Redis
) -> None:
    alert = verify(deployment, candidate)
    assert alert is not None
    redis_client.delete(f"lfr:tracks:{camera.pk}")  # as if seconds had passed
    (again,) = walk_by(camera, COLLINS)

    assert verify(deployment, again) is None
    alert.refresh_from_db()
    assert (Alert.objects.count(), alert.sightings) == (1, 2)


def test_a_candidate_that_fails_verification_leaves_nothing(
    candidate: str, deployment: Deployment, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reference image as the second comparison gets it is somebody else's: as if the first had erred.
    monkeypatch.setattr(verification, "sought_image", lambda *_: HOPPER.path().read_bytes())
    before = set(redis_client.scan_iter("*"))

    assert verify(deployment, candidate) is None
    assert not Alert.objects.exists()
    assert set(redis_client.scan_iter("*")) - before == set()
    assert not kept(redis_client)


@pytest.mark.parametrize("meanwhile", ["removed", "withdrawn", "paused", "closed"])
def test_a_candidate_of_somebody_who_is_no_longer_looked_for_raises_nothing(
    meanwhile: str, candidate: str, cast: Cast, collins: Subject, deployment: Deployment, redis_client: redis.Redis
) -> None:
    match meanwhile:
        case "removed":
            list_remove(actor=cast.sam, entry=deployment.entries.get(), reason="Arrested.")
        case "withdrawn":
            reference_withdraw(actor=cast.sam, reference=collins.references.get(), reason="Somebody else.")
        case "paused":
            deployment_pause(actor=cast.olga, deployment=deployment, reason="Rain.")
        case "closed":
            deployment_close(actor=cast.olga, deployment=deployment, reason="Over.")

    assert verify(deployment, candidate) is None
    assert not Alert.objects.exists()
    assert not kept(redis_client)


def test_a_sealed_candidate_is_of_no_use_to_another_deployment(candidate: str, cast: Cast) -> None:
    from watchlist.vault import VaultError, deployment_key, seal

    other = make_live(cast)
    seal(b"", key=deployment_key(other.pk), context="")  # it has a key of its own

    with pytest.raises(VaultError):
        candidates.collect(candidate, deployment=other.pk)
