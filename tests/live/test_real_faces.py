"""Real people pass through the real socket, on other pictures than the ones they are listed with, and strangers too.

What the threshold promises is held against what happens: false alerts per face, and the share of listed people who are
recognised, each with as much room for chance as one run in a thousand would need. Prints numbers, never names.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from math import comb
from pathlib import Path

import numpy as np
import pytest
import redis
from django.db import connection
from django.utils import timezone

from tests.cast import Cast, approve, make_draft
from tests.live.enrolling import enrol
from tests.live.passing import passage, read
from tests.live.sender import camera_socket
from tests.live.stack import Stack
from tests.live.waiting import wait_for
from watchlist.calibration import ONE_IN, Frames
from watchlist.models import Alert, Camera, Deployment, ReferenceState, Resemblance, Subject
from watchlist.selectors.calibrations import promise_of
from watchlist.services.deployments import deployment_start
from watchlist.services.lists import list_add
from watchlist.services.references import resemblance_answer
from watchlist.services.staffing import camera_add

LISTED, LEAST_LISTED = 44, 30  # some pictures do not serve: two faces, or turned away
STRANGERS = 200
CAMERAS = 3
AT_ONCE = 6  # people before one camera at a time
FRAMES_EACH = 5
APART_SECONDS = 2.3  # a track outlives its last box by two seconds
VERIFIED_SECONDS = 1.0  # after the last candidate was collected
CHANCE = 0.001


@dataclass(frozen=True)
class Picture:
    """Has a number to be told apart by: the path says whom it shows, and is not to appear in what a test prints."""

    number: int
    path: Path = field(repr=False)


@dataclass(frozen=True)
class Faces:
    listed: list[Picture]  # what each is listed with
    passing: list[Picture]  # another picture of each, in the same order
    strangers: list[Picture]


@dataclass(frozen=True)
class Group:
    """Who was before which camera, and when."""

    pictures: tuple[Picture, ...]
    camera: Camera
    begin: datetime
    end: datetime


@pytest.fixture(scope="module")
def faces(faces_folder: Path) -> Faces:
    """Drawn by a fixed lot, so that a failure can be looked into."""
    folders = [sorted(folder.glob("*.jpg")) for folder in sorted(faces_folder.iterdir()) if folder.is_dir()]
    lot = [(int(number), folders[number]) for number in np.random.default_rng(20).permutation(len(folders))]
    several = [(number, pictures) for number, pictures in lot if len(pictures) > 1][:LISTED]
    return Faces(
        listed=[Picture(number, pictures[0]) for number, pictures in several],
        passing=[Picture(number, pictures[1]) for number, pictures in several],
        strangers=[Picture(number, pictures[0]) for number, pictures in lot if len(pictures) == 1][:STRANGERS],
    )


def test_alerts_keep_what_the_threshold_promises(
    stack: Stack, people: Cast, faces: Faces, capsys: pytest.CaptureFixture[str]
):
    checked = enrol(people, *(picture.path.read_bytes() for picture in faces.listed))
    _answer_warnings(people)
    of_picture = {picture: subject for picture, subject in zip(faces.passing, checked, strict=True) if _serves(subject)}
    assert len(of_picture) >= LEAST_LISTED
    subjects = list(of_picture.values())
    for_listed, for_strangers = (_deployment(people, subjects) for _ in range(2))
    begin = time.monotonic()
    groups = _pass(stack, people, for_listed, list(of_picture))
    _pass(stack, people, for_strangers, faces.strangers)
    _wait_for_verification(stack)
    seconds = time.monotonic() - begin
    for deployment in (for_listed, for_strangers):
        deployment.refresh_from_db()

    alerts = list(Alert.objects.filter(deployment=for_listed))
    recognised = [alert for alert in alerts if _was_there(alert, groups, of_picture)]
    wrong = len(alerts) - len(recognised)
    false = wrong + sum(alert.sightings for alert in Alert.objects.filter(deployment=for_strangers))
    listed, passages = len(of_picture), for_listed.faces_seen + for_strangers.faces_seen
    promise = promise_of(for_listed)
    assert promise is not None
    limit, most = promise.threshold, _quantile(passages, 1 / ONE_IN, 1 - CHANCE)
    least = _quantile(listed, promise.measured.recognised_share(limit, frames=Frames.SINGLE), CHANCE)
    with capsys.disabled():
        print(
            f"\n{listed} listed by one picture each, threshold {limit:.3f}: {len(recognised)} "
            f"recognised on another (at least {least} promised). {len(faces.strangers)} strangers, {passages} passages "
            f"in all: {false} false alerts (at most {most}). {seconds:.0f} s."
        )
    assert for_strangers.faces_seen >= 0.95 * STRANGERS, "Too few strangers were seen to say anything of them."
    assert false <= most
    assert len(recognised) >= least


def _serves(subject: Subject) -> bool:
    return subject.references.filter(state=ReferenceState.ENROLLED).exists()


def _answer_warnings(people: Cast) -> None:
    """Two people who look alike to the pack: listed both, once a person has said that they are two."""
    for warning in Resemblance.objects.filter(answer=""):
        resemblance_answer(
            actor=people.sam, resemblance=warning, answer="two_people", reason="Two of the test's people."
        )


def _deployment(people: Cast, subjects: list[Subject]) -> Deployment:
    deployment = make_draft(people, alert_seconds=600)
    for number in range(1, CAMERAS):
        camera_add(actor=people.sam, deployment=deployment, name=f"Camera {number}")
    for subject in subjects:
        list_add(actor=people.sam, deployment=deployment, subject=subject)
    deployment.refresh_from_db()
    approve(people.ada, deployment)
    deployment_start(actor=people.olga, deployment=deployment)
    return deployment


def _pass(stack: Stack, people: Cast, deployment: Deployment, pictures: Sequence[Picture]) -> list[Group]:
    """Everybody passes one of the cameras, several at once; all cameras work at the same time."""
    together = [tuple(pictures[i : i + AT_ONCE]) for i in range(0, len(pictures), AT_ONCE)]
    cameras = list(deployment.cameras.order_by("name"))

    def work(number: int) -> list[Group]:
        with closing(connection), camera_socket(stack, cameras[number], people.olga) as sender:
            return [_pass_together(sender, cameras[number], group) for group in together[number::CAMERAS]]

    with ThreadPoolExecutor(CAMERAS) as pool:
        return [group for groups in pool.map(work, range(CAMERAS)) for group in groups]


def _pass_together(sender, camera: Camera, pictures: tuple[Picture, ...]) -> Group:
    frames = passage([read(picture.path) for picture in pictures], frames=FRAMES_EACH, cell=256)
    begin = timezone.now()
    ends = sender.send_all(frames)
    assert {end["type"] for end in ends} == {"result"}, ends
    end = timezone.now()
    time.sleep(APART_SECONDS)
    return Group(pictures, camera, begin, end)


def _was_there(alert: Alert, groups: list[Group], of_picture: dict[Picture, Subject]) -> bool:
    return any(
        alert.camera_id == group.camera.pk
        and group.begin <= alert.captured_at <= group.end
        and alert.subject_id in {of_picture[picture].pk for picture in group.pictures}
        for group in groups
    )


def _wait_for_verification(stack: Stack) -> None:
    with redis.Redis.from_url(stack.state.redis_url) as client:
        wait_for(lambda: not any(client.scan_iter("lfr:candidate:*", count=1000)), what="candidates to be verified")
        time.sleep(VERIFIED_SECONDS)
        wait_for(lambda: not client.exists("lfr:counted"), what="the counts to be written down")


def _quantile(n: int, p: float, share: float) -> int:
    """The smallest k that a binomial count of n trials does not exceed with at least this probability."""
    reached = 0.0
    for k in range(n + 1):
        reached += comb(n, k) * p**k * (1 - p) ** (n - k)
        if reached >= share:
            return k
    return n
