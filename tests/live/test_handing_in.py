"""A steward hands in a picture in the browser, and the page that opens then says by itself what became of it."""

from django.urls import reverse
from playwright.sync_api import expect

from recognition.footage.people import COLLINS
from tests.cast import Cast, make_subject
from tests.live.browsing import Aside, Visitors
from tests.live.stack import DEFAULT, Stack


def test_an_image_becomes_enrolled_on_the_page_that_is_open(
    stack: Stack, people: Cast, aside: Aside, at_browsers: Visitors
):
    subject = aside(lambda: make_subject(people))
    page = at_browsers.sign_in(people.sam)
    stack.stop(DEFAULT)
    try:
        page.goto(reverse("admin:watchlist_subject_add_images", args=[subject.pk]))
        page.set_input_files("input[type=file]", COLLINS.path())
        page.get_by_label("Where from").select_option("custody")
        page.get_by_label("Taken on").fill("2024-05-01")
        page.get_by_role("button", name="Add and check").click()
        images = page.locator("[data-follow]")
        expect(images).to_contain_text("Being checked")
        page.get_by_label("Record number").fill("half a num")
    finally:
        stack.start(DEFAULT)
    expect(images).to_contain_text("Enrolled")
    expect(images.get_by_role("img")).to_be_visible()
    expect(page.get_by_label("Record number")).to_have_value("half a num")
