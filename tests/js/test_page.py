"""Back never asks whether a form is to be sent once more: a page that answered one is asked for by its address."""

from playwright.sync_api import Page, Route

from .conftest import SITE

FORM = '<form method="post" action="/stops/"><button>Start</button></form>'
WRONG = f"""<!doctype html><body data-server-now="0" data-in-answer><div data-clock-error hidden></div><p>Not taken</p>
    {FORM}<a href="/officer/">On</a><script type="module" src="/js/lib/page.js"></script>"""


def test_back_to_a_form_that_was_not_taken_asks_for_its_address(empty_page: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(f"{route.request.method} {route.request.url.removeprefix(SITE)}")
        body = WRONG if route.request.method == "POST" else f"<!doctype html><h1>Page</h1>{FORM}"
        route.fulfill(body=body, content_type="text/html", headers={"Cache-Control": "no-store"})

    empty_page.route("**/officer/", answer)
    empty_page.route("**/stops/", answer)
    empty_page.goto(f"{SITE}/officer/")
    empty_page.click("button")
    empty_page.wait_for_selector("text=Not taken")
    empty_page.wait_for_timeout(300)
    empty_page.click("a")
    empty_page.wait_for_selector("h1")
    empty_page.go_back()
    empty_page.wait_for_timeout(300)

    assert asked == ["GET /officer/", "POST /stops/", "GET /officer/", "GET /stops/"]
