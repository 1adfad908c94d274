"""How do the workers of a machine share one gallery? As a file in shared memory, which never is a file on a disk.

A name says which list the file holds: deployment, version of the list, and the day, because entries expire at midnight
without the version moving. The file is written under another name and renamed when whole, so that two workers that
build at once leave one of two equal files, and none is ever read half written. Whoever has it mapped keeps it after it
is unlinked, until it lets go.
"""

import json
import os
import secrets
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import time
from uuid import UUID

import numpy as np

from recognition.pipeline.types import Gallery

SUFFIX = ".gallery"
UNFINISHED = ".building"
ABANDONED_AFTER = 120.0  # seconds; building a million rows takes half of that
_LENGTH = struct.Struct("<Q")
_ALIGNMENT = 64  # bytes, where the matrix begins: a cache line


class UnsafeFolder(Exception):
    """The folder in shared memory is not this account's alone."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which list: every change of any of these makes another file."""

    deployment: UUID
    version: int
    day: date

    @property
    def filename(self) -> str:
        return f"{self.deployment}_{self.version}_{self.day.isoformat()}{SUFFIX}"

    @classmethod
    def of(cls, path: Path) -> "Edition | None":
        try:
            deployment, version, day = path.name.removesuffix(SUFFIX).split("_")
            return cls(UUID(deployment), int(version), date.fromisoformat(day))
        except ValueError:
            return None


def write(folder: Path, edition: Edition, gallery: Gallery) -> None:
    """Readable by this account alone; what other editions of the same deployment hold is unlinked."""
    _require_private(folder)
    header = json.dumps(
        {
            "pack": gallery.pack,
            "shape": gallery.templates.shape,
            "references": list(gallery.references),
            "subjects": list(gallery.subjects),
        }
    ).encode()
    building = folder / f"{secrets.token_hex(8)}{UNFINISHED}"
    try:
        with open(os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_LENGTH.pack(len(header)) + header)
            file.write(bytes(_start(len(header)) - file.tell()))
            file.write(np.ascontiguousarray(gallery.templates, dtype="<f4").data)
        building.rename(folder / edition.filename)
    finally:
        building.unlink(missing_ok=True)
    for path, other in editions(folder):
        if other.deployment == edition.deployment and other != edition:
            path.unlink(missing_ok=True)


def read(folder: Path, edition: Edition) -> Gallery | None:
    """The gallery with its matrix mapped, not copied; None where nobody on this machine has built it yet."""
    try:
        with open(folder / edition.filename, "rb") as file:
            _require_private(folder)
            (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
            header = json.loads(file.read(length))
            templates = _mapped(file.fileno(), _start(length), tuple(header["shape"]))
    except FileNotFoundError:
        return None
    return Gallery(templates, header["references"], header["subjects"], edition.version, header["pack"])


def editions(folder: Path) -> Iterator[tuple[Path, Edition]]:
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if edition := Edition.of(path):
            yield path, edition


def unlink(folder: Path, deployment: UUID) -> int:
    """Takes every edition of a deployment's gallery out of shared memory. Returns how many there were."""
    found = [path for path, edition in editions(folder) if edition.deployment == deployment]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def unlink_abandoned(folder: Path) -> None:
    """What a worker that was killed while building left behind."""
    for path in folder.glob(f"*{UNFINISHED}"):
        try:
            if time() - path.stat().st_mtime > ABANDONED_AFTER:
                path.unlink()
        except FileNotFoundError:
            continue


def _start(header: int) -> int:
    end = _LENGTH.size + header
    return end + -end % _ALIGNMENT


def _mapped(descriptor: int, offset: int, shape: tuple[int, ...]) -> np.ndarray:
    if 0 in shape:
        return np.zeros(shape, dtype=np.float32)  # nothing to map
    with open(os.dup(descriptor), "rb") as file:
        mapped = np.memmap(file, dtype="<f4", mode="r", offset=offset, shape=shape)
    return mapped.view(np.ndarray)


def _require_private(folder: Path) -> None:
    """Anybody may make a folder of that name in /dev/shm: it must be ours, and closed to others."""
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise UnsafeFolder(f"{folder} is not a folder of mode 700 of this account: remove it and start again.")
