"""A draft's pack is changed in the running product: its list is enrolled anew, shown as it goes, and then searched."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from recognition.enrolment import QUEUED_AGAIN_AFTER
from recognition.footage.people import COLLINS, HOPPER
from recognition.reenrolment import give_up_or_list_again
from recognition.tasks import make_template
from tests.cast import PACK, Cast, approve, camera_of, make_draft, make_listed_subject
from tests.live.browsing import Aside, Visitors
from tests.live.enrolling import ENROL_SECONDS, enrol
from tests.live.passing import passage, read
from tests.live.sender import camera_socket
from tests.live.stack import DEFAULT, Stack
from tests.live.waiting import wait_for
from tests.second_pack import calibrate_second
from watchlist.models import Alert, Deployment, Subject, Template
from watchlist.selectors.enrolled import enrolment_of
from watchlist.services.deployments import deployment_start, deployment_update
from watchlist.services.lists import list_add

MANY = 12


@pytest.fixture
def with_second_pack(stack: Stack, second_pack: str) -> Iterator[str]:
    with stack.workers_run("tests.live.celery_with_second_pack"):
        yield second_pack


def listing(cast: Cast, pack: str, *subjects: Subject) -> Deployment:
    draft = make_draft(cast)
    for subject in subjects:
        list_add(actor=cast.sam, deployment=draft, subject=subject)
    return deployment_update(actor=cast.sam, deployment=draft, pack=pack)


def whole(deployment: Deployment) -> bool:
    return not enrolment_of(deployment).missing


def test_it_is_searched_and_verified_with_the_pack_of_each_deployment(
    stack: Stack, people: Cast, with_second_pack: str
):
    """One person on two lists, in one worker, at the same time: either alert is its own pack's."""
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    ran = []
    calibrate_second()
    for pack in (PACK, with_second_pack):
        deployment = listing(people, pack, collins)
        wait_for(lambda d=deployment: whole(d), what="the list to be enrolled", seconds=ENROL_SECONDS)
        approve(people.ada, deployment)
        deployment.refresh_from_db()
        deployment_start(actor=people.olga, deployment=deployment)
        ran.append(deployment)
    frames = passage([read(COLLINS.path()), read(HOPPER.path())], frames=6)
    for deployment in ran:
        with camera_socket(stack, camera_of(deployment), people.olga) as sender:
            assert {end["type"] for end in sender.send_all(frames)} == {"result"}
    wait_for(lambda: Alert.objects.count() == len(ran), what="an alert at each")
    found = Alert.objects.values_list("deployment", "pack", "subject")
    assert set(found) == {(each.pk, each.pack, collins.pk) for each in ran}


def test_nothing_is_lost_when_the_worker_is_killed_in_the_midst(stack: Stack, people: Cast, with_second_pack: str):
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    noise = [make_listed_subject(people) for _ in range(MANY)]  # images in which no detector finds a face
    deployment = listing(people, with_second_pack, collins, *noise)
    wait_for(lambda: enrolment_of(deployment).waiting < MANY, what="the first few", seconds=ENROL_SECONDS)
    stack.kill(DEFAULT)
    left = enrolment_of(deployment).waiting
    stack.start(DEFAULT)
    clock_calls(later=2 * QUEUED_AGAIN_AFTER)
    wait_for(lambda: not enrolment_of(deployment).waiting, what="the rest", seconds=ENROL_SECONDS)

    assert left, "It was killed too late to have lost anything."
    assert str(enrolment_of(deployment)) == f"1 of {MANY + 1} images enrolled with second-1; {MANY} could not be."
    [failure] = enrolment_of(deployment).failures
    assert failure.reason.startswith("No face was found.")


def clock_calls(*, later: timedelta) -> None:
    """What `remake_templates` does every minute, by a clock that is ahead."""
    for pk in give_up_or_list_again(now=timezone.now() + later):
        make_template.delay(str(pk))


def test_its_page_follows_by_itself(
    stack: Stack, people: Cast, with_second_pack: str, aside: Aside, at_browsers: Visitors
):
    (collins,) = aside(lambda: enrol(people, COLLINS.path().read_bytes()))
    stack.stop(DEFAULT)
    try:
        deployment = aside(lambda: listing(people, with_second_pack, collins, make_listed_subject(people)))
        page = at_browsers.sign_in(people.sam)
        page.goto(reverse("admin:watchlist_deployment_change", args=[deployment.pk]))
        progress = page.locator("[data-follow]")
        expect(progress).to_contain_text("0 of 2 images enrolled with second-1. 2 are being enrolled")
        page.get_by_label("Purpose").fill("half a sentence")
    finally:
        stack.start(DEFAULT)
    expect(progress).to_contain_text("1 of 2 images enrolled with second-1; 1 could not be.")
    expect(progress).to_contain_text("No face was found.")
    expect(page.get_by_label("Purpose")).to_have_value("half a sentence")
    assert aside(lambda: Template.objects.filter(state="asked").count()) == 0
    connections.close_all()
