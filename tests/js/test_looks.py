"""What the style sheets promise: the next alert is offered while there is one, nothing lies beyond a phone's edge."""

import pytest
from playwright.sync_api import Page

from .conftest import SITE

NAMES = ("base", "forms", "bar", "operator", "audit")
SHEETS = "".join(f'<link rel="stylesheet" href="{SITE}/css/{name}.css">' for name in NAMES)
PHONE = {"width": 390, "height": 844}
DOORS = "".join(f'<a href="/{name}/">{name}</a>' for name in ("Home", "Deployment", "Camera", "Alerts"))
ENDS = "which => [...document.querySelectorAll(which)].map(each => each.getBoundingClientRect().right)"
NAVIGATION = f"""<nav class="doors">{DOORS}<form class="person"><span>Olga Operator</span>
    <a href="/password/">Password</a><button>Sign out</button></form></nav>"""


@pytest.mark.parametrize(
    ("rows", "offered"),
    [
        ("", False),
        ("<a data-waiting aria-current='true'></a>", False),
        ("<a data-waiting data-mine></a>", False),
        ("<a data-waiting data-mine></a><a data-waiting></a>", True),
    ],
)
def test_the_next_alert_is_offered_where_one_waits(empty_page: Page, rows: str, offered: bool) -> None:
    empty_page.set_content(f'{SHEETS}<div class="desk"><div>{rows}</div><button data-next>Next alert</button></div>')

    assert empty_page.is_visible("[data-next]") is offered


@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_out_is_on_the_screen(empty_page: Page, width: int) -> None:
    empty_page.set_viewport_size(PHONE | {"width": width})
    empty_page.set_content(SHEETS + NAVIGATION)

    assert max(empty_page.evaluate(ENDS, ".doors :is(a, button, span)")) <= width


def test_an_entry_of_the_record_is_read_on_a_phone_without_scrolling_sideways(empty_page: Page) -> None:
    cells = ("29", "25 Nov 2026, 00:56:15", "deployment.closed", "Olga", "Demonstration", "alerts 1 · why person " * 9)
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    empty_page.set_viewport_size(PHONE)
    empty_page.set_content(f'{SHEETS}<div class="scroll"><table class="record"><tbody><tr>{row}</table></div>')

    assert max(empty_page.evaluate(ENDS, ".record td")) <= PHONE["width"]


def test_the_name_stands_on_the_line_of_its_neighbours(empty_page: Page) -> None:
    empty_page.set_viewport_size(PHONE | {"width": 1280})
    empty_page.set_content(SHEETS + NAVIGATION)
    tops = """[...document.querySelectorAll(".doors :is(a, button, span)")].map(each => {
        const text = document.createRange();
        text.selectNodeContents(each);
        return text.getBoundingClientRect().top;
    })"""

    assert len(set(empty_page.evaluate(tops))) == 1


def test_the_product_is_named_on_a_phones_sign_in_page(empty_page: Page) -> None:
    empty_page.set_viewport_size(PHONE)
    tagline = "Live facial recognition, overt and authorised"
    empty_page.set_content(
        f'{SHEETS}<header class="bar"><a class="home" href="/">lfrweb</a><span class="where">{tagline}</span></header>'
    )

    assert empty_page.is_visible(".home")
    assert empty_page.evaluate("(where => where.scrollWidth <= where.clientWidth)(document.querySelector('.where'))")
