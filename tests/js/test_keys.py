"""The operator's keys: theirs wherever nobody writes, and Enter only where it means nothing of its own."""

import pytest
from playwright.sync_api import Page

from .conftest import Ask

THINGS = {
    "page": "<p tabindex='0' id='it'>text</p>",
    "answer": "<input type='radio' id='it'>",
    "words": "<textarea id='it'></textarea>",
    "reason": "<select id='it'><option>Rain</option></select>",
    "button": "<button type='button' id='it'>Sound</button>",
    "link": "<a href='#there' id='it'>Alert</a>",
    "details": "<details><summary id='it'>History</summary></details>",
}
WRITTEN_IN = {"words", "reason"}
PRESSED = {"button", "link", "details"}


def pressed(page: Page, ask: Ask, thing: str, key: str) -> list[str]:
    script = """(m, html) => {
        document.body.innerHTML = html;
        window.acted = [];
        m.wireKeys({ s: () => acted.push("same"), enter: () => acted.push("record") });
        it.focus();
        it.addEventListener("click", () => acted.push("pressed"));
    }"""
    ask("operator/keys.js", script, THINGS[thing])
    page.keyboard.press(key)
    return page.evaluate("acted")


@pytest.mark.parametrize("thing", THINGS)
def test_enter_records_the_answer_unless_it_presses_or_writes_something(empty_page: Page, ask: Ask, thing: str) -> None:
    meant = [] if thing in WRITTEN_IN else ["pressed"] if thing in PRESSED else ["record"]

    assert pressed(empty_page, ask, thing, "Enter") == meant


@pytest.mark.parametrize("thing", THINGS)
def test_letters_answer_wherever_nobody_writes(empty_page: Page, ask: Ask, thing: str) -> None:
    assert pressed(empty_page, ask, thing, "s") == ([] if thing in WRITTEN_IN else ["same"])
