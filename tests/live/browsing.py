"""People at real browsers: headless Chromium, signed in through the page, with a camera that plays a file."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.db import connections
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.cast import PASSWORD
from tests.chromium import chromium_binary
from tests.live.stack import Stack
from watchlist.models import User

expect.set_options(timeout=60_000)  # ms; the machine may be busy with other things

T = TypeVar("T")
Aside = Callable[[Callable[[], T]], T]

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run")
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}


@contextmanager
def thread_for_django() -> Iterator[Aside]:
    """`aside(function)` calls it in another thread: Playwright keeps an event loop in its own, where Django's services
    refuse to work."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda function: pool.submit(function).result()
        pool.submit(connections.close_all).result()


@dataclass  # not frozen: Playwright notes its handlers on the object whose methods they are
class Visitors:
    """People at a browser whose only camera plays a file; what their pages complain of."""

    browser: Browser
    stack: Stack
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, user: User, *, device: dict[str, Any] = DESK) -> Page:
        """A page of a browser of this person's own, signed in by name and password."""
        context = self.browser.new_context(base_url=self.stack.url, **device)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._hear)
        page = context.new_page()
        page.goto("/login/")
        page.get_by_label("Name").fill(user.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.stack.url}/")
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)


@contextmanager
def visitors(stack: Stack, camera: Path) -> Iterator[Visitors]:
    """The camera shows the MJPEG file `camera`, again and again. What a page's scripts throw fails the test."""
    arguments = [*QUIET, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={camera}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_binary(), headless=True, args=arguments)
        try:
            visiting = Visitors(browser, stack)
            yield visiting
        finally:
            browser.close()
    assert not visiting.complaints


def another(page: Page, path: str) -> Page:
    """A second page of the same person."""
    second = page.context.new_page()
    second.goto(path)
    return second
