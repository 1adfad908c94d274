"""The guide beside a deployment's form speaks of the recognition models that are chosen there."""

from playwright.sync_api import Page

from .conftest import Ask

FORM = """<select name="pack"><option value="">Choose</option><option>one-1</option><option>two-1</option></select>
    <p data-guide-of="one-1">One</p><p data-guide-of="two-1">Two</p>"""


def test_it_follows_the_choice(empty_page: Page, ask: Ask) -> None:
    empty_page.evaluate("form => { document.body.innerHTML = form; }", FORM)
    ask("admin/guide.js", "() => {}")
    shown = []
    for choice in ("", "one-1", "two-1", ""):
        empty_page.select_option("select", choice)
        shown.append(empty_page.locator("p:visible").all_text_contents())
    assert shown == [["One", "Two"], ["One"], ["Two"], ["One", "Two"]]
