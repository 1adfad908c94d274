"""The officer's page turns to a new alert by itself only where nothing is shown and nothing has been begun."""

import pytest
from playwright.sync_api import Page

from .conftest import Ask

NOTHING = "<p data-nothing>No confirmed alert.</p>"
BARE = "<details {}><summary>Without an alert</summary><form><input type='checkbox' id='ground'></form></details>"
STOP = "<form><textarea id='note'></textarea></form>"

BEGUN = {
    "an alert is read": ("<article></article>" + BARE.format(""), ""),
    "a stop runs": (STOP, ""),
    "a note is written": (STOP, "note.focus()"),
    "a stop without an alert is opened": (NOTHING + BARE.format("open"), ""),
    "grounds are ticked and folded away": (NOTHING + BARE.format(""), "ground.checked = true"),
}


def turned(page: Page, ask: Ask, content: str, act: str) -> bool:
    """Whether the page went to alert `b` by itself, once told of it; else it offers it."""
    page.route_web_socket("**/ws/", lambda socket: None)
    page.evaluate(
        """html => {
            document.body.innerHTML = `<main><div data-officer-page data-events="/ws/"><div data-news>
                <a data-newest="a" href="/?alert=a" hidden>New</a></div>${html}</div></main>`;
        }""",
        content,
    )
    script = f"""() => {{
        {act};
        const news = document.querySelector("[data-news]");
        news.innerHTML = '<a data-newest="b" href="/?alert=b" hidden>New</a>';
        news.dispatchEvent(new CustomEvent("fragment", {{ bubbles: true }}));
    }}"""
    ask("officer/main.js", script)
    page.wait_for_timeout(300)
    if page.url.endswith("?alert=b"):
        return True
    assert not page.evaluate("document.querySelector('[data-newest]').hidden")
    return False


def test_where_nothing_is_shown_the_new_alert_comes_by_itself(empty_page: Page, ask: Ask) -> None:
    assert turned(empty_page, ask, NOTHING + BARE.format(""), "")


@pytest.mark.parametrize("begun", BEGUN)
def test_what_has_been_begun_is_not_taken_away(empty_page: Page, ask: Ask, begun: str) -> None:
    assert not turned(empty_page, ask, *BEGUN[begun])
