"""What the pages do when somebody pauses the deployment, and when the web process is restarted under them."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from recognition.footage.people import COLLINS
from tests.cast import Cast, make_alert, make_live
from tests.live.browsing import Aside, Visitors, another
from tests.live.enrolling import enrol
from tests.live.stack import WEB, Stack
from watchlist.models import Deployment
from watchlist.services.deployments import deployment_pause, deployment_resume

PROMISED_MS = 2_000
UNREACHABLE = 1.0  # no passage raises an alert: those of these tests are made by hand


@pytest.fixture
def deployment(people: Cast) -> Deployment:
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    return make_live(people, collins, threshold=UNREACHABLE, alert_seconds=600)


def watching(page: Page) -> Page:
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("[data-word]")).to_have_text("Watching")
    return page


def test_a_pause_is_said_within_two_seconds_and_watching_goes_on_after_it(
    people: Cast, deployment: Deployment, aside: Aside, at_browsers: Visitors
):
    camera = at_browsers.sign_in(people.olga)
    camera.goto(reverse("camera", args=[deployment.pk]))
    watching(camera)
    aside(lambda: deployment_pause(actor=people.omar, deployment=deployment, reason="Break"))
    expect(camera.locator("[data-word]")).to_have_text("Paused", timeout=PROMISED_MS)
    expect(camera.locator("[data-why]")).to_contain_text(re.compile("paused", re.IGNORECASE), timeout=PROMISED_MS)
    expect(camera.get_by_role("button", name="Resume the deployment")).to_be_visible()
    aside(lambda: deployment_resume(actor=people.omar, deployment=deployment))
    expect(camera.locator("[data-word]")).to_have_text("Watching")
    expect(camera.get_by_role("button", name="Pause the deployment")).to_be_visible()


@pytest.mark.parametrize("button", ["Pause the deployment", "Stop all cameras"])
def test_the_operator_pauses_and_resumes_from_the_page(
    people: Cast, deployment: Deployment, aside: Aside, at_browsers: Visitors, button: str
):
    desk = at_browsers.sign_in(people.olga)
    desk.goto(reverse("operator", args=[deployment.pk]))
    if button == "Pause the deployment":
        desk.get_by_label("Why is it paused?").select_option("Break")
    desk.get_by_role("button", name=button).click()
    expect(desk.get_by_role("button", name="Resume the deployment")).to_be_visible()
    expect(desk.get_by_role("banner")).to_contain_text("Paused")
    assert aside(lambda: Deployment.objects.get().state) == "paused"
    desk.get_by_role("button", name="Resume the deployment").click()
    expect(desk.get_by_role("button", name=button)).to_be_visible()
    assert aside(lambda: Deployment.objects.get().state) == "live"


def test_after_a_restart_of_the_web_process_no_alert_is_missing_and_the_camera_goes_on(
    stack: Stack, people: Cast, deployment: Deployment, aside: Aside, at_browsers: Visitors
):
    desk = at_browsers.sign_in(people.olga)
    desk.goto(reverse("operator", args=[deployment.pk]))
    camera = watching(another(desk, reverse("camera", args=[deployment.pk])))
    expect(desk.locator("[data-connection]")).to_be_hidden()

    stack.stop(WEB)
    try:
        expect(camera.locator("[data-word]")).to_have_text("Paused")
        expect(camera.locator("[data-why]")).to_contain_text("connection to the server is lost")
        expect(desk.locator("[data-connection]")).to_be_visible()
        aside(lambda: make_alert(deployment))
        time.sleep(1)
        expect(desk.locator("[data-waiting]")).to_have_count(0)
    finally:
        stack.start(WEB)

    expect(desk.locator("[data-waiting]")).to_have_count(1)
    expect(desk.locator("[data-connection]")).to_be_hidden()
    expect(camera.locator("[data-word]")).to_have_text("Watching")


def test_two_operators_see_each_others_answers_at_once(
    people: Cast, deployment: Deployment, aside: Aside, at_browsers: Visitors
):
    first, second = (at_browsers.sign_in(user) for user in (people.olga, people.omar))
    for desk in (first, second):
        desk.goto(reverse("operator", args=[deployment.pk]))
        expect(desk.locator("[data-connection]")).to_be_hidden()
    aside(lambda: make_alert(deployment))
    for desk in (first, second):
        expect(desk.get_by_role("button", name="Record answer")).to_be_visible()
    first.keyboard.press("d")
    first.keyboard.press("1")
    first.get_by_role("button", name="Record answer").click()
    for desk in (first, second):
        expect(desk.locator("[data-card-place] h2")).to_contain_text("Dismissed")
        expect(desk.get_by_role("button", name="Record answer")).to_have_count(0)
        expect(desk.locator("[data-waiting]")).to_have_count(0)
