"""Which browser do tests use? The Chromium that is installed; Playwright downloads none."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "LFR_REQUIRE_BROWSER"


def chromium_binary() -> str:
    """Its path. Without it the test is skipped, or fails where LFR_REQUIRE_BROWSER is 1."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"Chromium is not installed, and {REQUIRED} says that it has to be.")
    return found or pytest.skip("Chromium is not installed")
