"""A step is taken without leaving the page, and every part that shows the deployment's state follows at once."""

import pytest
from playwright.sync_api import Page, Route

from .conftest import Ask

REFUSED = '{"message": "It has changed meanwhile."}'


@pytest.fixture
def page(empty_page: Page, ask: Ask) -> Page:
    empty_page.route("**/parts/*", lambda route: route.fulfill(body="<b>paused</b>", content_type="text/html"))
    script = """m => {
        document.body.dataset.serverNow = Date.now();
        document.body.innerHTML = `<p data-connection hidden></p>
            <header data-fragment="/parts/bar" data-on="deployment.changed">live
                <form action="/pause" data-step><button>Stop</button><p data-problem hidden></p></form></header>
            <div data-fragment="/parts/run" data-on="deployment.changed">live</div>`;
        m.wireSteps();
    }"""
    ask("lib/steps.js", script)
    return empty_page


def pressed(page: Page, status: int, body: str = "") -> list[str]:
    """Whether it was sent once by two presses; then what stands in the bar and in the other part."""
    sent: list[str] = []

    def take(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=status, body=body, content_type="application/json")

    page.route("**/pause", take)
    page.evaluate("document.querySelector('button').click(); document.querySelector('button').click()")
    page.wait_for_timeout(400)
    assert sent == ["POST"]
    return page.evaluate("""["header", "div"].map(part => document.querySelector(part).innerText.trim())""")


def test_bar_and_buttons_follow_the_step(page: Page) -> None:
    assert pressed(page, 204) == ["paused", "paused"]


def test_a_step_that_was_lost_on_its_way_is_to_be_pressed_again(page: Page) -> None:
    page.route("**/pause", lambda route: route.abort())
    page.evaluate("document.querySelector('button').click()")
    page.wait_for_timeout(400)

    assert "press it again" in page.inner_text("[data-problem]")


def test_a_step_that_was_not_taken_says_why(page: Page) -> None:
    bar, run = pressed(page, 409, REFUSED)

    assert "It has changed meanwhile." in bar
    assert run == "live"
    assert page.evaluate("document.querySelector('button').disabled") is False


def test_the_button_that_was_pressed_is_sent_and_what_it_changes_is_fetched(page: Page) -> None:
    sent: list[str | None] = []

    def take(route: Route) -> None:
        sent.append(route.request.post_data)
        route.fulfill(status=204)

    page.route("**/note", take)
    page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", `<p data-fragment="/parts/rate" data-on="passage.changed">none</p>
            <form action="/note" data-step data-renews="passage.changed"><button name="subject" value="1">Kim</button>
            <button name="subject" value="2">Lee</button><p data-problem>Not taken.</p></form>`);
        document.querySelector("button[value='2']").click();
    }""")
    page.wait_for_timeout(400)

    assert sent == ["subject=2"]
    assert page.inner_text("body > p[data-on]") == "paused"
    assert page.inner_text("body > div") == "live"
    assert page.evaluate("document.querySelector('body > form [data-problem]').hidden") is True
