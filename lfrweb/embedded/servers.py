"""PostgreSQL and Redis for the length of a block: those that run in this checkout, or else own ones."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lfrweb.embedded import postgres, recorded, redis
from lfrweb.embedded.account import Account, server_account
from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.folders import make_postgres_socket_folder, make_private, make_socket_folder, remove_socket_folders
from lfrweb.embedded.lock import Held, held, using
from lfrweb.embedded.paths import CHECKOUT, StateFolder, Wanted
from lfrweb.embedded.postgres import Durability
from lfrweb.embedded.processes import POSTGRES, REDIS, STATE_VARIABLE, end_leftovers

READY_SECONDS = 30.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05
LOG_TAIL_BYTES = 2000


@contextmanager
def servers(state: StateFolder, *, wanted: Wanted) -> Iterator[None]:
    """Uses the servers that run on `state`, waiting for them where they just start, or has own ones in the block.

    Own ones are stopped when the block has ended and every other process that came to use them has ended its own.
    """
    with ExitStack() as stack:
        # Before it is asked who holds them: whoever does will wait for this process before it stops them.
        wait_until_alone = stack.enter_context(using(state))
        try:
            stack.enter_context(held(state))
        except Held:
            wait_for(state, wanted=wanted)
        else:
            stack.enter_context(own_servers(state, wanted=wanted))
            stack.callback(wait_until_alone)
        yield


@contextmanager
def own_servers(state: StateFolder, *, wanted: Wanted, durability: Durability = Durability.KEPT) -> Iterator[None]:
    """Starts the servers, and stops them when the block ends. The caller holds `state`."""
    account = server_account() if wanted.postgres else None
    end_leftovers(state)
    make_folders(state, wanted=wanted, account=account)
    with ExitStack() as stack:
        stack.callback(remove_socket_folders, state)
        if wanted.postgres:
            program = postgres.command(state, durability=durability)
            stack.enter_context(_server(state, name=POSTGRES, program=program, account=account))
        if wanted.redis:
            stack.enter_context(_server(state, name=REDIS, program=redis.command(state), account=None))
        wait_for(state, wanted=wanted)
        yield


def make_folders(state: StateFolder, *, wanted: Wanted, account: Account | None) -> None:
    """Makes all that has to stand before the servers' commands run."""
    make_private(state.logs)
    make_socket_folder(state)
    if wanted.postgres:
        make_postgres_socket_folder(state, account=account)
        postgres.make_cluster(state, account=account)


def wait_for(state: StateFolder, *, wanted: Wanted) -> None:
    """Returns when the servers answer and the roles exist. Raises CannotStart after READY_SECONDS."""
    if wanted.redis:
        _wait_until(lambda: redis.answers(state.redis_url), name=REDIS, state=state)
    if wanted.postgres:
        _wait_until(lambda: postgres.answers(state), name=POSTGRES, state=state)
        postgres.make_roles(state)


def log_tail(path: Path) -> str:
    """The last lines of a log, for a message that says why something did not start."""
    text = path.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace") if path.exists() else ""
    return text.strip() or "(its log is empty)"


@contextmanager
def _server(state: StateFolder, *, name: str, program: list[str], account: Account | None) -> Iterator[None]:
    command = recorded.command(state, name=name, account=account, program=program)
    stop_signal = postgres.STOP_SIGNAL if name == POSTGRES else redis.STOP_SIGNAL
    with open(state.log(name), "ab") as log:
        # A session of its own: Ctrl-C at the terminal is for the program that uses the servers, and stops it first.
        process = subprocess.Popen(  # noqa: S603  the command is our own
            command,
            cwd=CHECKOUT,
            env=os.environ | {STATE_VARIABLE: str(state.root)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        process.send_signal(stop_signal)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until(answers: Callable[[], bool], *, name: str, state: StateFolder) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise CannotStart(f"{name} did not start within {READY_SECONDS:.0f} s:\n{log_tail(state.log(name))}")
        time.sleep(POLL_SECONDS)
