"""Taking a place from somebody is asked for, leaving a page that watches too; what was chosen outlives a reload."""

from playwright.sync_api import Dialog, Page

from .conftest import SITE, Ask


def test_whoever_has_the_place_is_named_before_it_is_taken(ask: Ask) -> None:
    script = (
        "m => [{ name: 'North', usedBy: 'Omar' }, { name: 'North' }].map(dataset => m.takeOverQuestion({ dataset }))"
    )
    taken, free = ask("camera/takeover.js", script)

    assert taken.startswith("North is in use by Omar.")
    assert free == ""


def test_a_page_that_watches_asks_before_it_is_left(empty_page: Page, ask: Ask) -> None:
    asked: list[str] = []

    def let_go(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    empty_page.on("dialog", let_go)
    ask("camera/takeover.js", "m => m.guardLeaving(() => window.watching)")
    empty_page.mouse.click(5, 5)  # a browser asks for nobody who has not used the page
    empty_page.evaluate("window.watching = true")
    empty_page.reload()
    while_watching = list(asked)
    ask("camera/takeover.js", "m => m.guardLeaving(() => false)")
    empty_page.mouse.click(5, 5)
    empty_page.reload()

    assert (while_watching, asked) == (["beforeunload"], ["beforeunload"])


def test_choices_outlive_a_reload_of_this_page_alone(empty_page: Page, ask: Ask) -> None:
    ask("camera/choices.js", "m => m.remember({ place: 'b', device: 'footage' })")
    empty_page.reload()
    kept = ask("camera/choices.js", "m => m.remembered()")
    empty_page.goto(f"{SITE}/?elsewhere")
    empty_page.evaluate("history.replaceState(null, '', '/elsewhere/')")
    script = """m => {
        const select = document.createElement("select");
        select.append(new Option("A", "a"), new Option("B", "b"));
        m.choose(select, "b"); m.choose(select, "gone"); m.choose(select, undefined);
        return [select.value, m.remembered()];
    }"""

    assert kept == {"place": "b", "device": "footage"}
    assert ask("camera/choices.js", script) == ["b", {}]
