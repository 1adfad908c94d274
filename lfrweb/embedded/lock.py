"""One set of servers for each state folder: who holds it?"""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.folders import LOCK_FILE, make_root
from lfrweb.embedded.paths import StateFolder


class Held(CannotStart):
    """Another process holds the servers of this state folder."""


@contextmanager
def held(state: StateFolder) -> Iterator[None]:
    """Holds the folder until the block ends or the process dies. Raises Held at once where another process does."""
    make_root(state)
    # Opened for appending: whoever holds the lock has to find its own name still there.
    with open(state.root / LOCK_FILE, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Held(file.read().strip() or "Another process is starting in this checkout.") from None
        file.truncate(0)
        file.write(f"{_own_name()} is already running in this checkout (process {os.getpid()}).")
        file.flush()
        yield


def _own_name() -> str:
    return os.environ.get("LFR_COMMAND") or " ".join([os.path.basename(sys.argv[0]), *sys.argv[1:2]])
