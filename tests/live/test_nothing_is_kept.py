"""A stranger passes, and nothing of her outlives the frames she was in: each trace of a run is listed and explained."""

import time
from collections import Counter

import numpy as np
import psycopg
import pytest
import redis
from django.conf import settings
from django.utils import timezone

from recognition import galleryfile
from recognition.conf import conf
from recognition.engine import engine
from recognition.leakscan.datafiles import remains
from recognition.leakscan.likeness import ALIKE
from recognition.leakscan.scan import Report, scan
from recognition.pipeline.types import Gallery
from tests.cast import PACK, Cast, camera_of, make_live
from tests.leakscan.looked_for import COLLINS, HOPPER, looking_for, photograph
from tests.live.enrolling import enrol
from tests.live.evidence import Evidence, gathered
from tests.live.explained import FACE_KEYS, WHERE_A_FRAME_MAY_BE, lives_too_long, unexplained
from tests.live.passing import passage
from tests.live.sender import camera_socket
from tests.live.stack import FRAMES, Stack
from tests.live.waiting import wait_for
from tests.scene import together
from watchlist.models import Alert, Deployment

FRAMES_EACH = 6


@pytest.fixture
def collins_listed(people: Cast) -> Deployment:
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    return make_live(people, collins)


def both() -> list[bytes]:
    return passage([photograph(COLLINS), photograph(HOPPER)], frames=FRAMES_EACH)


def the_stranger() -> list[bytes]:
    return passage([photograph(HOPPER)], frames=FRAMES_EACH, seed=1)


def send(stack: Stack, people: Cast, deployment: Deployment, frames: list[bytes]) -> Counter:
    with camera_socket(stack, camera_of(deployment), people.olga) as sender:
        ends = sender.send_all(frames)
    return Counter(end.get("code", end["type"]) for end in ends)


def wait_until_keys_have_expired(stack: Stack) -> None:
    with redis.Redis.from_url(stack.state.redis_url) as client:
        wait_for(
            lambda: not any(name.startswith(FACE_KEYS) for name in client.scan_iter(count=1000)),
            what="keys of frames, tracks and candidates to expire",
        )


def looked_through(evidence: Evidence, *, without: tuple[str, ...] = ()) -> Report:
    pieces = [piece for piece in (*evidence.passed, *evidence.left) if piece.place not in without]
    return scan(pieces, likeness=looking_for(HOPPER), threshold=ALIKE)


def assert_nothing_is_kept(evidence: Evidence) -> None:
    frames = [piece for piece in evidence.passed if piece.place in WHERE_A_FRAME_MAY_BE]
    seen = scan(frames, likeness=looking_for(HOPPER), threshold=ALIKE)
    assert seen.matches, "The stranger was not before the camera: nothing would have been proved."
    report = looked_through(evidence, without=WHERE_A_FRAME_MAY_BE)
    assert not report.matches, [str(match) for match in report.matches]
    assert unexplained(evidence) == {}
    assert lives_too_long(evidence) == {}


def test_of_a_stranger_beside_somebody_who_is_listed(stack: Stack, people: Cast, collins_listed: Deployment):
    with gathered(stack) as evidence:
        assert send(stack, people, collins_listed, both()) == {"result": FRAMES_EACH}
        assert send(stack, people, collins_listed, the_stranger()) == {"result": FRAMES_EACH}
        wait_for(Alert.objects.exists, what="an alert")
        wait_until_keys_have_expired(stack)
    assert_nothing_is_kept(evidence)
    # The same scan finds what is kept by right: the probe of the person who is listed.
    kept = scan(evidence.opened, likeness=looking_for(COLLINS), threshold=ALIKE)
    assert {"watchlist_alert.probe (opened)", "watchlist_alert.portrait (opened)"} <= {
        match.piece.place for match in kept.matches
    }


def test_of_a_stranger_close_behind_somebody_who_is_listed(stack: Stack, people: Cast, collins_listed: Deployment):
    """She stands in the very part of the frame that is kept of the other, and is covered there."""
    beside = together(engine(), photograph(COLLINS), photograph(HOPPER), height=160, share=0.6, right=130)
    with gathered(stack) as evidence:
        frames = passage([beside], frames=FRAMES_EACH, cell=960)
        assert send(stack, people, collins_listed, frames) == {"result": FRAMES_EACH}
        wait_for(Alert.objects.exists, what="an alert")
        wait_until_keys_have_expired(stack)
    assert_nothing_is_kept(evidence)
    kept = scan(evidence.opened, likeness=looking_for(COLLINS), threshold=ALIKE)
    assert "watchlist_alert.probe (opened)" in {match.piece.place for match in kept.matches}


def test_of_a_stranger_whom_verification_tells_from_the_listed_person(stack: Stack, people: Cast):
    """With a threshold far too low she becomes a candidate: her picture waits sealed for seconds, and no longer."""
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    deployment = make_live(people, collins, threshold=0.5)
    with gathered(stack) as evidence:
        send(stack, people, deployment, the_stranger())
        wait_until_keys_have_expired(stack)
    waited = scan(evidence.opened, likeness=looking_for(HOPPER), threshold=ALIKE)
    candidate = "SET lfr:candidate:* (opened)"
    assert candidate in {match.piece.place for match in waited.matches}, "She became no candidate."
    report = looked_through(evidence, without=(*WHERE_A_FRAME_MAY_BE, candidate))
    assert not report.matches, [str(match) for match in report.matches]
    assert lives_too_long(evidence) == {}
    assert not Alert.objects.exists()


def test_when_frames_cannot_be_looked_at(stack: Stack, people: Cast, collins_listed: Deployment):
    """Damaged pictures, and an error in the midst of the engine, with her face in memory."""
    (entry,) = collins_listed.entries.all()
    broken = make_live(people, entry.subject)
    _put_a_list_of_another_shape(broken)
    cut_off = [jpeg[: len(jpeg) // 2] for jpeg in the_stranger()]
    with gathered(stack) as evidence:
        assert not set(send(stack, people, collins_listed, cut_off)) - {"broken", "result"}
        assert send(stack, people, broken, the_stranger()) == {"failed": FRAMES_EACH}
        wait_until_keys_have_expired(stack)
    assert_nothing_is_kept(evidence)


def test_when_the_list_was_made_by_a_pack_that_is_no_longer_there(
    stack: Stack, people: Cast, collins_listed: Deployment
):
    Deployment.objects.update(pack="other-9")
    with gathered(stack) as evidence:
        assert send(stack, people, collins_listed, the_stranger()) == {"pack_replaced": FRAMES_EACH}
        wait_until_keys_have_expired(stack)
    assert_nothing_is_kept(evidence)


def _put_a_list_of_another_shape(deployment: Deployment) -> None:
    """The search fails on it, after the templates of the faces in the frame have been made."""
    assert settings.LFR_SHM_DIR, "This machine has no /dev/shm."
    edition = galleryfile.Edition(
        deployment.pk, deployment.gallery_version, timezone.localdate(timezone=deployment.zone)
    )
    galleryfile.write(settings.LFR_SHM_DIR, edition, Gallery(np.ones((1, 64)), ["r"], ["s"], edition.version, PACK))


def test_a_frame_that_nobody_takes_is_gone_after_its_life(stack: Stack, people: Cast, collins_listed: Deployment):
    camera = camera_of(collins_listed)
    with (
        redis.Redis.from_url(stack.state.redis_url) as client,
        stack.frozen(FRAMES),
        camera_socket(stack, camera, people.olga) as sender,
    ):
        assert sender.send(the_stranger()[0])["type"] == "dropped"
        key = f"lfr:frame:{camera.pk}"
        assert client.pttl(key) <= conf().frame_life * 1000
        time.sleep(conf().frame_life)
        assert not client.exists(key)


def test_redis_writes_no_file(stack: Stack, people: Cast, collins_listed: Deployment):
    with redis.Redis.from_url(stack.state.redis_url) as client:
        send(stack, people, collins_listed, the_stranger())
        assert (client.config_get("save")["save"], client.config_get("appendonly")["appendonly"]) == ("", "no")
        folder = client.config_get("dir")["dir"]
        for command in ("SAVE", "BGSAVE", "BGREWRITEAOF"):
            with pytest.raises(redis.ResponseError, match="unknown command"):
                client.execute_command(command)
    assert {path.name for path in stack.state.sockets.iterdir()} == {"redis.sock"}
    assert folder == str(stack.state.sockets)


def test_postgresql_files_hold_no_picture_and_no_template(stack: Stack, people: Cast, collins_listed: Deployment):
    """Neither the stranger's nor, in clear, the listed person's: not in pages, not in the write-ahead log."""
    for person in (HOPPER, COLLINS):
        before = _remains(stack, person)
        send(stack, people, collins_listed, both())
        wait_for(Alert.objects.exists, what="an alert")
        assert not _remains(stack, person) - before


def _remains(stack: Stack, person):
    with psycopg.connect(host=str(stack.state.postgres_sockets), user="postgres", dbname="postgres") as connection:
        connection.execute("CHECKPOINT")
    return remains(stack.state.postgres_data, likeness=looking_for(person), threshold=ALIKE)
