"""The pages' modules, run in headless Chromium: each test imports the file itself and asks it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.chromium import chromium_binary

STATIC = Path(__file__).resolve().parents[2] / "static"
SITE = "http://localhost"  # a secure context, so that everything a page may use is there
TYPES = {".js": "text/javascript", ".html": "text/html", ".css": "text/css"}

Ask = Callable[..., Any]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    binary = chromium_binary()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def empty_page(chromium: Browser) -> Iterator[Page]:
    """An empty page of a site that serves `static/` and nothing else. What a script throws fails the test."""
    page = chromium.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.route("**/*", _serve)
    page.goto(f"{SITE}/")
    yield page
    page.close()
    assert thrown == []


@pytest.fixture
def ask(empty_page: Page) -> Ask:
    """`ask("camera/pace.js", "m => …", argument)`: what the function returns, given the module and the argument."""

    def asked(module: str, function: str, argument: Any = None) -> Any:
        script = f"async (argument) => ({function})(await import('/js/{module}'), argument)"
        return empty_page.evaluate(script, argument)

    return asked


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(SITE).split("?")[0]
    if path == "/":
        route.fulfill(body="<!doctype html><title>test</title>", content_type="text/html")
        return
    file = STATIC / path.lstrip("/")
    if file.is_file():
        route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
    else:
        route.fulfill(status=404, body="")
