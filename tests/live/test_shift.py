"""A shift in the browser: watched, alerted, decided, stopped, recorded; and found again in the record."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from recognition.footage.people import COLLINS
from tests.cast import Cast, make_live
from tests.live.browsing import PHONE, Aside, Visitors, another
from tests.live.enrolling import enrol
from tests.live.waiting import wait_for
from watchlist.models import Alert, Deployment, Stop

FOOTAGE_SECONDS = 13
PROMISED_SECONDS = 10


@pytest.fixture
def deployment(people: Cast, request: pytest.FixtureRequest) -> Deployment:
    """Collins is listed. Where a test is about the sample footage, it is a demo: the footage is not for other lists."""
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    return make_live(people, collins, alert_seconds=600, demo=hasattr(request, "param"))


def test_from_the_camera_to_the_record(people: Cast, deployment: Deployment, aside: Aside, at_browsers: Visitors):
    desk = at_browsers.sign_in(people.olga)
    desk.goto(reverse("operator", args=[deployment.pk]))
    camera = another(desk, reverse("camera", args=[deployment.pk]))
    start_watching(camera)

    expect(desk.locator("[data-waiting]")).to_have_count(1)
    everybody_has_passed(camera)
    expect(desk.locator("[data-alert]")).to_have_count(1)
    aside(lambda: the_other_was_no_sighting(deployment))
    decide_same(desk)
    camera.get_by_role("button", name="Stop", exact=True).click()
    expect(camera.locator("[data-word]")).to_have_text("Not watching")

    record_a_stop(at_browsers.sign_in(people.finn, device=PHONE), deployment)
    stop = aside(lambda: Stop.objects.select_related("alert").get())
    assert (stop.state, stop.outcome, stop.identity_check, stop.alert.state) == (
        *("ended", "advice", "document", "confirmed"),
    )
    find_it_all_in_the_record(at_browsers.sign_in(people.audrey), deployment)
    aside(lambda: call_command("verify_audit", stdout=io.StringIO()))


def start_watching(camera: Page) -> None:
    camera.get_by_role("button", name="Start", exact=True).click()
    expect(camera.locator("[data-word]")).to_have_text("Watching")


def everybody_has_passed(camera: Page) -> None:
    """Both people of the footage, each at least once: it goes round and round."""
    camera.wait_for_timeout(FOOTAGE_SECONDS * 1000)
    seen = int(camera.locator("[data-faces]").inner_text())
    assert seen >= 2, f"Only {seen} faces were seen."
    assert float(camera.locator("[data-fps]").inner_text()) > 0


def the_other_was_no_sighting(deployment: Deployment) -> None:
    """A match of the other person would be no alert of its own: it would be counted on the one that stands."""
    alert = Alert.objects.get(deployment=deployment)
    assert 1 <= alert.sightings < _faces_seen(deployment)


def decide_same(desk: Page) -> None:
    """On the card that opened by itself, with both pictures before one's eyes."""
    card = desk.locator("[data-card-place] article")
    pictures = card.locator("img")
    expect(pictures.first).to_be_visible()
    assert pictures.count() >= 2
    assert all(pictures.evaluate_all("images => images.map(image => image.complete && image.naturalWidth > 0)"))
    expect(card).not_to_contain_text("Subject")  # who it may be would lead the eye
    card.get_by_role("button", name="Record answer").click()
    expect(card).to_contain_text("Choose an answer.")
    card.get_by_text("Same person", exact=True).click()
    card.get_by_text("Eyes, nose, mouth and ears agree").click()
    card.get_by_role("button", name="Record answer").click()
    expect(card.locator("h2")).to_contain_text("Confirmed")
    expect(desk.locator("[data-waiting]")).to_have_count(0)


def record_a_stop(phone: Page, deployment: Deployment) -> None:
    phone.goto(reverse("officer", args=[deployment.pk]))
    assert fits(phone), "The officer's page is wider than a phone."
    phone.get_by_text("Confirmed alert, and the officer's own comparison").first.click()
    phone.get_by_role("button", name="Start the stop").click()
    expect(phone.get_by_role("heading", name="Stop running")).to_be_visible()
    phone.get_by_text("Document shown", exact=True).click()
    phone.get_by_text("Words of advice", exact=True).click()
    phone.get_by_label("Note").fill("She showed a passport and went on her way.")
    phone.get_by_role("button", name="End the stop").click()
    expect(phone.get_by_text("Stop recorded: words of advice")).to_be_visible()
    assert fits(phone)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def find_it_all_in_the_record(auditor: Page, deployment: Deployment) -> None:
    auditor.goto(f"{reverse('audit')}?deployment={deployment.pk}")
    expect(auditor.locator("table.record")).to_be_visible()
    listed = auditor.locator("table.record tbody tr td:nth-child(3)").all_inner_texts()
    for action in (
        *("deployment.approved", "deployment.started", "camera.connected", "alert.raised", "alert.decided"),
        *("camera.disconnected", "stop.started", "stop.ended"),
    ):
        assert action in listed, f"{action} is not in the record: {listed}"
    assert listed.count("alert.raised") == 1


@pytest.mark.parametrize("deployment", ["demo"], indirect=True)
def test_the_sample_footage_raises_one_alert_within_ten_seconds(
    people: Cast, deployment: Deployment, aside: Aside, at_browsers: Visitors
):
    desk = at_browsers.sign_in(people.olga)
    desk.goto(reverse("operator", args=[deployment.pk]))
    camera = another(desk, reverse("camera", args=[deployment.pk]))
    camera.get_by_label("Picture from").select_option("Sample footage")
    began = timezone.now()
    start_watching(camera)
    expect(desk.locator("[data-waiting]")).to_have_count(1)
    expect(camera.locator("[data-why]")).to_contain_text("The sample footage has been played")
    expect(desk.locator("[data-alert]")).to_have_count(1)
    alert = aside(Alert.objects.get)
    assert (alert.raised_at - began).total_seconds() < PROMISED_SECONDS
    aside(lambda: wait_for(lambda: _faces_seen(deployment) >= 2, what="both people to be counted"))
    aside(lambda: the_other_was_no_sighting(deployment))


def _faces_seen(deployment: Deployment) -> int:
    deployment.refresh_from_db()
    return deployment.faces_seen
