"""One set of servers for each state folder: who holds it, and who else uses it?"""

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.folders import LOCK_FILE, make_root
from lfrweb.embedded.paths import StateFolder

USERS_FILE = "users"


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


@contextmanager
def using(state: StateFolder) -> Iterator[Callable[[], None]]:
    """Counts this process among the users of the servers until the block ends; waits where they are just being stopped.

    What it gives returns when no other process uses them, and keeps all others out from then on.
    """
    make_root(state)
    with open(state.root / USERS_FILE, "a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield lambda: _wait_until_alone(file)


def _wait_until_alone(file: IO[str]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Done. Another command uses the servers: they are stopped when it ends.", file=sys.stderr, flush=True)
        fcntl.flock(file, fcntl.LOCK_EX)


def _own_name() -> str:
    return os.environ.get("LFR_COMMAND") or " ".join([os.path.basename(sys.argv[0]), *sys.argv[1:2]])
