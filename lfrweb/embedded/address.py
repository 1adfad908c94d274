"""At which address does the web process of a state folder answer?"""

import socket
from itertools import count
from pathlib import Path

from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.paths import StateFolder
from lfrweb.embedded.programs import HOST

FIRST_PORT = 8000


def choose_port(wanted: int | None) -> int:
    """The wanted port, or else the first free one from 8000 on. Raises CannotStart where the wanted one is taken."""
    if wanted is None:
        return next(port for port in count(FIRST_PORT) if _is_free(port))
    if not _is_free(wanted):
        raise CannotStart(f"Port {wanted} is taken. Set LFR_PORT to another, or leave it out to have a free one found.")
    return wanted


def url(port: int) -> str:
    return f"http://{HOST}:{port}"


def publish(state: StateFolder, *, port: int) -> None:
    _file(state).write_text(url(port))


def withdraw(state: StateFolder) -> None:
    _file(state).unlink(missing_ok=True)


def published(state: StateFolder) -> str | None:
    """The address of the product that runs on `state`, or None where none has said that it does."""
    return _file(state).read_text() if _file(state).exists() else None


def _is_free(port: int) -> bool:
    with socket.socket() as candidate:
        # As the web process will: a port in the last minute of a closed connection counts as free.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError:
            return False
    return True


def _file(state: StateFolder) -> Path:
    return state.root / "address"
