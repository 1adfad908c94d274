"""Makes the folders of one state folder. What exists is checked and left as it is: no folder's mode is ever changed."""

import os
import shutil
import stat
from pathlib import Path

from lfrweb.embedded.account import Account, require_entry
from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.paths import LONGEST_SOCKET_PATH, POSTGRES_SOCKET, StateFolder

LOCK_FILE = "lock"


def make_root(state: StateFolder) -> None:
    """The folder itself, which PostgreSQL's account has to be able to pass through."""
    _make(state.root, mode=0o755)


def make_private(folder: Path, *, account: Account | None = None) -> None:
    """A folder that only its owner may enter: this account, or the one given."""
    uid = account.uid if account else os.getuid()
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or stat.S_IMODE(found.st_mode) & 0o077:
            raise CannotStart(
                f"{folder} has to be a folder of mode 700 that belongs to account number {uid}, and is not. Was this "
                "checkout started by another account before? Start it as that one again, or remove the folder."
            ) from None


def make_socket_folder(state: StateFolder) -> None:
    _require_short(state.supervisor_socket)
    make_private(state.sockets)


def make_postgres_socket_folder(state: StateFolder, *, account: Account | None) -> None:
    _require_short(state.postgres_sockets / POSTGRES_SOCKET)
    make_private(state.postgres_sockets, account=account)
    if account:
        require_entry(account, folder=state.postgres_sockets)


def remove_socket_folders(state: StateFolder) -> None:
    """Leaves nothing in the temp directory behind."""
    if state.needs_short_sockets:
        shutil.rmtree(state.sockets, ignore_errors=True)
        shutil.rmtree(state.postgres_sockets, ignore_errors=True)


def empty(state: StateFolder) -> None:
    """Removes all that earlier servers kept in the folder, but for the lock that the caller holds."""
    for entry in state.root.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != LOCK_FILE:
            entry.unlink()


def _make(folder: Path, *, mode: int) -> None:
    if folder.is_dir():
        return
    _make(folder.parent, mode=mode)
    before = os.umask(0o777 & ~mode)
    try:
        folder.mkdir(mode=mode, exist_ok=True)
    finally:
        os.umask(before)


def _require_short(socket: Path) -> None:
    if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
        raise CannotStart(
            f"The socket {socket} would have a path of more than {LONGEST_SOCKET_PATH} bytes. "
            "Set TMPDIR to a temp directory with a shorter name."
        )
