"""What an operator is told of their answer stays, whatever else makes the card come anew."""

import re

import pytest
from playwright.sync_api import Page, Route

from .conftest import Ask

TOO_LATE = "Somebody else was first."
NO_REASON = "Pick a reason."


def card(pk: str, *, state: str = "open", problem: str = "", wrong: str = "") -> str:
    """The parts of `_card.html` that the script knows."""
    form = f"""<form action="/{pk}/decide" data-decide><div data-told="form">{wrong}</div>
        <input type="radio" name="answer" value="same" id="same-{pk}"><button data-record>Record</button></form>"""
    return f"""<article data-card="{pk}" data-url="/{pk}/card" data-expires="2999-01-01T00:00:00Z"><h2>{state}</h2>
        <div data-told="card" {"" if problem else "hidden"}>{problem}</div><div data-problem hidden></div>
        {form if state == "open" else ""}</article>"""


@pytest.fixture
def desk(empty_page: Page, ask: Ask) -> Page:
    """Alert `a` is shown."""
    script = """async (m, html) => {
        const { Pictures } = await import("/js/operator/pictures.js");
        document.body.dataset.serverNow = Date.now();
        document.body.innerHTML = `<div id="place">${html}</div>`;
        window.view = new m.CardView(place, new Pictures(place));
    }"""
    ask("operator/card.js", script, card("a"))
    return empty_page


class Server:
    """Answers when the test says so, in the order that the test says."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.waiting: dict[str, list[Route]] = {}
        page.route(re.compile("/[ab]/(card|decide)$"), self._hold)

    def _hold(self, route: Route) -> None:
        self.waiting.setdefault(route.request.url.split("localhost")[1], []).append(route)

    def asked(self, path: str) -> int:
        self.page.wait_for_timeout(200)
        return len(self.waiting.get(path, []))

    def answer(self, path: str, html: str, status: int = 200) -> None:
        assert self.asked(path), f"Nobody asked for {path}."
        self.waiting[path].pop(0).fulfill(status=status, body=html, content_type="text/html; charset=utf-8")
        self.page.wait_for_timeout(200)


@pytest.fixture
def server(desk: Page) -> Server:
    return Server(desk)


def shown(desk: Page) -> list[str]:
    return desk.evaluate("""[place.querySelector("h2").textContent,
        ...[...place.querySelectorAll("[data-told]:not([hidden])")].map(told => told.textContent).filter(Boolean)]""")


def test_the_word_on_an_answer_outlives_the_winners_news(desk: Page, server: Server) -> None:
    desk.evaluate("view.submit(); view.refresh(); 0")
    early = server.asked("/a/card")
    server.answer("/a/decide", card("a", state="dismissed", problem=TOO_LATE), status=409)
    told = shown(desk)
    server.answer("/a/card", card("a", state="dismissed"))

    assert (early, told, shown(desk)) == (0, ["dismissed", TOO_LATE], ["dismissed", TOO_LATE])


def test_what_was_fetched_before_the_answer_comes_too_late(desk: Page, server: Server) -> None:
    desk.evaluate("view.refresh(); 0")
    assert server.asked("/a/card") == 1
    desk.evaluate("view.submit(); 0")
    server.answer("/a/decide", card("a", state="dismissed", problem=TOO_LATE), status=409)
    server.answer("/a/card", card("a"))

    assert shown(desk) == ["dismissed", TOO_LATE]


def test_a_missing_reason_is_said_until_the_next_answer(desk: Page, server: Server) -> None:
    desk.evaluate("view.submit(); 0")
    server.answer("/a/decide", card("a", wrong=NO_REASON), status=400)
    desk.evaluate("view.refresh(); 0")
    server.answer("/a/card", card("a"))
    refused = shown(desk)
    desk.evaluate("view.submit(); 0")
    server.answer("/a/decide", card("a", state="confirmed"))

    assert (refused, shown(desk)) == (["open", NO_REASON], ["confirmed"])


def test_another_alert_begins_without_it(desk: Page, server: Server) -> None:
    desk.evaluate("view.submit(); 0")
    server.answer("/a/decide", card("a", wrong=NO_REASON), status=400)
    desk.evaluate("view.open('/b/card'); 0")
    server.answer("/b/card", card("b"))

    assert shown(desk) == ["open"]


def test_another_alert_that_was_asked_for_comes_in_spite_of_news_of_the_first(desk: Page, server: Server) -> None:
    desk.evaluate("view.open('/b/card'); view.refresh(); 0")
    assert server.asked("/b/card") == 2
    server.answer("/b/card", card("b"))
    server.answer("/b/card", card("b"))

    assert desk.evaluate("view.alert") == "b"


def test_an_answer_is_sent_once_however_often_it_is_pressed(desk: Page, server: Server) -> None:
    desk.evaluate("view.submit(); view.submit(); 0")

    assert server.asked("/a/decide") == 1
