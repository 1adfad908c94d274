"""What another process will do within some seconds."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

SECONDS = 20.0
POLL_SECONDS = 0.05


def wait_for(look: Callable[[], T], *, what: str, seconds: float = SECONDS) -> T:
    """The first true value that `look` returns; fails, naming `what`, where none comes in time."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"Waited {seconds:.0f} s in vain for {what}."
        time.sleep(POLL_SECONDS)
    return found
