"""What could not be fetched is said until it comes, and what is not heard until it is heard again."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from .conftest import Ask

CHANGED = '{"type": "deployment.changed"}'


class Site:
    """A page with two parts that follow changes, and the server behind it."""

    def __init__(self, page: Page, ask: Ask) -> None:
        self.page = page
        self.failing: set[str] = set()
        self.sockets: list[Any] = []
        page.route("**/parts/*", self._answer)
        page.route_web_socket("**/ws/", self._opened)
        page.evaluate("""() => {
            document.body.dataset.serverNow = Date.now();
            document.body.innerHTML = `<p data-connection hidden></p>
                <div data-fragment="/parts/bar" data-on="deployment.changed"></div>
                <div data-fragment="/parts/queue" data-on="alert.raised deployment.changed"></div>`;
        }""")
        ask("lib/live.js", "m => m.live('/ws/')")

    def _answer(self, route: Route) -> None:
        if route.request.url.rsplit("/", 1)[1] in self.failing:
            route.fulfill(status=502, body="", content_type="text/html")
        else:
            route.fulfill(body="<b>new</b>", content_type="text/html")

    def _opened(self, socket: Any) -> None:
        self.sockets.append(socket)
        socket.send('{"type": "hello"}')

    def tell(self, event: str) -> str:
        self.sockets[-1].send(event)
        return self.said()

    def said(self) -> str:
        """What stands under the bar."""
        self.page.wait_for_timeout(300)
        return self.page.evaluate("(place => place.hidden ? '' : place.textContent)(document.querySelector('p'))")


@pytest.fixture
def site(empty_page: Page, ask: Ask) -> Site:
    return Site(empty_page, ask)


def test_a_failed_fetch_is_said_until_the_next_that_succeeds(site: Site) -> None:
    assert site.said() == ""
    site.failing = {"bar"}
    failed = site.tell(CHANGED)
    site.failing = set()

    assert "The server answered 502" in failed
    assert site.tell(CHANGED) == ""


def test_one_part_that_comes_does_not_speak_for_another(site: Site) -> None:
    site.failing = {"bar"}
    site.tell(CHANGED)

    assert "The server answered 502" in site.tell('{"type": "alert.raised"}')


def test_a_part_that_comes_does_not_hide_that_nothing_more_is_heard(site: Site) -> None:
    site.failing = {"bar"}
    site.tell(CHANGED)
    site.sockets[-1].close(code=4403)

    assert site.said().endswith("Reload the page.")
    assert "502" not in site.said()
