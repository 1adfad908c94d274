"""The socket opens itself again: sooner at first, never all pages at once, and not where it was refused."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from .conftest import Ask


def test_waits_grow_to_eight_seconds(ask: Ask) -> None:
    waits = ask("lib/socket.js", "m => [0, 1, 2, 3, 4, 5, 9].map(attempt => m.waitBefore(attempt, 0))")

    assert waits == [500, 1000, 2000, 4000, 8000, 8000, 8000]


def test_chance_shortens_a_wait_by_half_at_most(ask: Ask) -> None:
    assert ask("lib/socket.js", "m => m.waitBefore(3, 1)") == 2000


def test_it_opens_again_after_a_loss(empty_page: Page, ask: Ask) -> None:
    opened = []

    def answer(socket: object) -> None:
        opened.append(socket)
        if len(opened) == 1:
            socket.close(code=1011)  # type: ignore[attr-defined]

    empty_page.route_web_socket("**/ws/", answer)
    ask("lib/socket.js", "m => { window.socket = new m.Socket('/ws/', {}); socket.start(); }")
    empty_page.wait_for_function("socket.open", timeout=5000)
    empty_page.wait_for_timeout(1500)

    assert len(opened) == 2


def test_it_stays_closed_where_it_was_refused(empty_page: Page, ask: Ask) -> None:
    opened = []

    def refuse(socket: object) -> None:
        opened.append(socket)
        socket.send('{"type": "refused", "message": "Only the operator may do this."}')  # type: ignore[attr-defined]
        socket.close(code=4403)  # type: ignore[attr-defined]

    empty_page.route_web_socket("**/ws/", refuse)
    script = """m => new Promise(done => new m.Socket('/ws/', { refused: done }).start())"""

    assert ask("lib/socket.js", script) == "Only the operator may do this."
    empty_page.wait_for_timeout(1500)
    assert len(opened) == 1


def turned_away(socket: Any) -> None:
    socket.send('{"type": "refused", "message": "Sign in first."}')
    socket.close(code=4401)


def open_to(page: Page, ask: Ask, *answers: Callable[[Any], None]) -> int:
    """How often a socket was opened whose server answers so each time; `said` is what refused it in the end."""
    opened: list[Any] = []

    def answer(socket: Any) -> None:
        opened.append(socket)
        answers[len(opened) - 1](socket)

    page.route_web_socket("**/ws/", answer)
    script = "m => { window.said = []; window.socket = new m.Socket('/ws/', { refused: why => said.push(why) }); }"
    ask("lib/socket.js", script)
    page.evaluate("socket.start()")
    page.wait_for_timeout(2500)
    return len(opened)


def greeted(socket: Any) -> None:
    socket.send('{"type": "hello"}')


def test_with_a_new_cookie_it_goes_on(empty_page: Page, ask: Ask) -> None:
    def greeted_and_turned_away(socket: Any) -> None:
        greeted(socket)
        turned_away(socket)

    assert open_to(empty_page, ask, greeted_and_turned_away, greeted_and_turned_away, greeted) == 3
    assert empty_page.evaluate("[socket.open, said]") == [True, []]


def test_where_nobody_is_signed_in_it_asks_once_more_and_no_more(empty_page: Page, ask: Ask) -> None:
    assert open_to(empty_page, ask, turned_away, turned_away) == 2
    assert empty_page.evaluate("[socket.open, said]") == [False, ["Sign in first."]]
