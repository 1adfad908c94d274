"""Small files of this account alone (mode 600), which even a power failure leaves whole or not there."""

import os
import secrets
from pathlib import Path


def replace(path: Path, data: bytes) -> None:
    """`path` holds `data` from now on."""
    rename(_written_beside(path, data), path)


def make(path: Path, data: bytes) -> None:
    """`path` holds `data`, or what another process put there first."""
    written = _written_beside(path, data)
    try:
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        written.unlink()
    _sync(path.parent)


def rename(source: Path, target: Path) -> None:
    """What was `source`, written by `make` or `replace`, is `target`."""
    source.replace(target)
    _sync(target.parent)


def _written_beside(path: Path, data: bytes) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _sync(folder: Path) -> None:
    """A file's name is its folder's content, and reaches the disk with the folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
