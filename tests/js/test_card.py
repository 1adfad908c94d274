"""What an operator is told of their answer stays, whatever else makes the card come anew."""

import re

import pytest
from playwright.sync_api import Page, Route

from .conftest import Ask

TOO_LATE = "Somebody else was first."
NO_REASON = "Pick a reason."
FAR = "2999-01-01T00:00:00Z"


def card(pk: str, *, state: str = "open", problem: str = "", wrong: str = "", expires: str = FAR) -> str:
    """The parts of `_card.html` that the script knows."""
    form = f"""<form action="/{pk}/decide" data-decide><div data-told="form">{wrong}</div>
        <p data-told="unsent" hidden></p>
        <input type="radio" name="answer" value="same" id="same-{pk}"><button data-record>Record</button></form>"""
    return f"""<article data-card="{pk}" data-called="Gate {pk}, 14:03:22" data-url="/{pk}/card"
        data-expires="{expires}"><h2>{state}</h2>
        <div data-told="card" {"" if problem else "hidden"}>{problem}</div><div data-problem hidden></div>
        {form if state == "open" else ""}</article>"""


@pytest.fixture
def desk(empty_page: Page, ask: Ask) -> Page:
    """Alert `a` is shown."""
    script = """async (m, html) => {
        const { Pictures } = await import("/js/operator/pictures.js");
        document.body.dataset.serverNow = Date.now();
        const { Untaken } = await import("/js/operator/untaken.js");
        document.body.innerHTML = `<div id="untaken" hidden><ul></ul><button>Close this</button></div>
            <div id="place">${html}</div>`;
        window.view = new m.CardView(place, new Pictures(place), new Untaken(untaken));
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

    def lose(self, path: str) -> None:
        assert self.asked(path), f"Nobody asked for {path}."
        self.waiting[path].pop(0).abort()
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


def beside(desk: Page) -> list[str]:
    """What is said outside the card of answers that were not taken."""
    return desk.evaluate("untaken.hidden ? [] : [...untaken.querySelectorAll('li')].map(line => line.textContent)")


def answered_and_gone_on(desk: Page, server: Server) -> None:
    desk.evaluate("view.submit(); view.open('/b/card'); 0")
    server.answer("/b/card", card("b"))


def test_an_answer_that_is_lost_after_its_operator_went_on_is_said_beside_the_next(desk: Page, server: Server) -> None:
    answered_and_gone_on(desk, server)
    server.lose("/a/decide")

    assert shown(desk) == ["open"]
    [said] = beside(desk)
    assert said.startswith("Your answer on Gate a, 14:03:22 may not have been taken")


@pytest.mark.parametrize("problem", [{"problem": TOO_LATE, "state": "dismissed"}, {"wrong": NO_REASON}])
def test_one_that_is_refused_is_said_there_with_the_reason(desk: Page, server: Server, problem: dict[str, str]) -> None:
    answered_and_gone_on(desk, server)
    server.answer("/a/decide", card("a", **problem), status=409 if "state" in problem else 400)
    why = problem.get("problem", NO_REASON)

    assert (desk.evaluate("view.alert"), beside(desk)) == (
        "b",
        [f"Your answer on Gate a, 14:03:22 was not taken. {why}"],
    )


def test_one_that_is_taken_says_nothing(desk: Page, server: Server) -> None:
    answered_and_gone_on(desk, server)
    server.answer("/a/decide", card("a", state="confirmed"))

    assert (desk.evaluate("view.alert"), beside(desk)) == ("b", [])


def test_it_stands_there_until_that_alert_is_answered(desk: Page, server: Server) -> None:
    answered_and_gone_on(desk, server)
    server.lose("/a/decide")
    desk.evaluate("view.submit(); 0")
    server.answer("/b/decide", card("b", state="confirmed"))
    after_another = len(beside(desk))
    desk.evaluate("view.open('/a/card'); 0")
    server.answer("/a/card", card("a"))
    desk.evaluate("view.submit(); 0")
    server.answer("/a/decide", card("a", state="confirmed"))

    assert (after_another, beside(desk)) == (1, [])


def test_it_goes_when_its_reader_says_so(desk: Page, server: Server) -> None:
    answered_and_gone_on(desk, server)
    server.lose("/a/decide")
    desk.click("text=Close this")

    assert beside(desk) == []


def test_a_lost_receipt_does_not_ask_for_a_press_of_a_button_that_is_gone(desk: Page, server: Server) -> None:
    desk.evaluate("view.submit(); 0")
    server.lose("/a/decide")
    lost = shown(desk)
    desk.evaluate("view.refresh(); 0")
    server.answer("/a/card", card("a"))
    waiting = shown(desk)
    desk.evaluate("view.refresh(); 0")
    server.answer("/a/card", card("a", state="confirmed"))

    assert "press it again" in lost[1]
    assert (waiting, shown(desk)) == (lost, ["confirmed"])


def test_while_an_answer_hangs_its_expired_card_is_asked_for_once(desk: Page, server: Server) -> None:
    desk.evaluate("html => place.innerHTML = html", card("a", expires="2000-01-01T00:00:00Z"))
    desk.evaluate("view.submit(); 0")
    desk.wait_for_timeout(2500)
    server.lose("/a/decide")

    assert server.asked("/a/card") == 1
    desk.wait_for_timeout(2500)
    assert server.asked("/a/card") == 1


def test_a_card_that_is_the_same_is_not_read_aloud_again(desk: Page, server: Server) -> None:
    for _ in range(2):
        desk.evaluate("view.refresh(); window.heading = place.querySelector('h2'); 0")
        server.answer("/a/card", card("a"))

    assert desk.evaluate("heading.isConnected")


def test_that_it_could_not_be_fetched_is_said_until_it_is(desk: Page, server: Server) -> None:
    desk.evaluate("view.refresh(); 0")
    server.answer("/a/card", card("a"))
    desk.evaluate("view.refresh(); 0")
    server.lose("/a/card")
    lost = desk.evaluate("!place.querySelector('[data-problem]').hidden")
    desk.evaluate("view.refresh(); 0")
    server.answer("/a/card", card("a"))

    assert (lost, desk.evaluate("place.querySelector('[data-problem]').hidden")) == (True, True)
