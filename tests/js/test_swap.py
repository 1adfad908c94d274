"""A fragment takes the place of the one before it without losing what a person wrote."""

from playwright.sync_api import Page

from .conftest import Ask

OLD = (
    '<img src="/a.jpg"><input type="radio" name="answer" value="same" id="same">'
    '<textarea id="words"></textarea><a href="/x">x</a>'
)
NEW = OLD + '<p id="more">more</p>'


def swapped(page: Page, ask: Ask, before: str, after: str, act: str) -> None:
    script = f"""(m, [before, after]) => {{
        document.body.innerHTML = '<div id="place"></div>';
        const place = document.getElementById("place");
        place.innerHTML = before;
        window.image = place.querySelector("img");
        {act}
        m.swap(place, after);
    }}"""
    ask("lib/swap.js", script, [before, after])


def test_what_was_written_and_ticked_stays(empty_page: Page, ask: Ask) -> None:
    swapped(empty_page, ask, OLD, NEW, "same.checked = true; words.value = 'the ears agree';")

    assert empty_page.evaluate("[same.checked, words.value, more.textContent]") == [True, "the ears agree", "more"]


def test_the_focus_stays(empty_page: Page, ask: Ask) -> None:
    swapped(empty_page, ask, OLD, NEW, "words.focus();")

    assert empty_page.evaluate("document.activeElement.id") == "words"


def test_a_picture_that_stays_is_not_loaded_again(empty_page: Page, ask: Ask) -> None:
    swapped(empty_page, ask, OLD, NEW, "")

    assert empty_page.evaluate("document.querySelector('img') === image")


def test_where_nothing_is_new_nothing_is_put_in_its_place(empty_page: Page, ask: Ask) -> None:
    script = """m => {
        document.body.innerHTML = '<div id="place" aria-live="polite"></div>';
        const html = (age, token, word = "open") =>
            `<h2>${word}</h2><time datetime="2026-05-01T10:00:00Z" data-since>${age}</time>
            <input type="hidden" name="csrfmiddlewaretoken" value="${token}">`;
        const renewed = [m.renew(place, html("15 s", "a"))];
        const heading = place.querySelector("h2");
        renewed.push(m.renew(place, html("30 s", "b")), heading.isConnected, place.querySelector("input").value);
        renewed.push(m.renew(place, html("45 s", "c", "confirmed")), heading.isConnected);
        return renewed;
    }"""

    assert ask("lib/swap.js", script) == [True, False, True, "b", True, False]


def test_another_form_begins_empty(empty_page: Page, ask: Ask) -> None:
    swapped(empty_page, ask, OLD, '<textarea id="words-2"></textarea>', "words.value = 'about another alert';")

    assert empty_page.evaluate("document.querySelector('textarea').value") == ""
