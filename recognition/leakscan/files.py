"""Files that appeared or changed since a first look, and the lines that a log has grown by."""

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from recognition.leakscan.pieces import Kind, Piece


@dataclass(frozen=True, slots=True)
class Look:
    """What stood in some folders at one moment: by path, what changes when a file is written."""

    seen: dict[Path, tuple[int, int, int]]

    @classmethod
    def at(cls, folders: Collection[Path], *, without: Collection[str] = ()) -> "Look":
        """`without` names folders that are not entered, wherever they stand."""
        found = {}
        for path in _paths(folders, without):
            try:
                status = path.lstat()
            except FileNotFoundError:
                continue
            if stat.S_ISREG(status.st_mode):
                found[path] = (status.st_ino, status.st_size, status.st_mtime_ns)
        return cls(found)

    def changed_since(self, before: "Look") -> list[Path]:
        return [path for path, status in self.seen.items() if before.seen.get(path) != status]


def contents(paths: Collection[Path], *, relative_to: Path) -> Iterator[Piece]:
    """A piece for each file that is still there."""
    for path in paths:
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue
        place = os.path.relpath(path, relative_to)
        yield Piece(Kind.FILE, place, str(path), data)


def lines(log: Path, *, start: int = 0) -> Iterator[Piece]:
    """The lines of a log from the byte `start` on."""
    with log.open("rb") as file:
        file.seek(start)
        for number, line in enumerate(file, 1):
            yield Piece(Kind.LINE, log.name, f"line {number}", line.rstrip(b"\n"))


def _paths(folders: Collection[Path], without: Collection[str]) -> Iterator[Path]:
    for folder in folders:
        for parent, names, files in os.walk(folder):
            names[:] = [name for name in names if name not in without]
            yield from (Path(parent) / name for name in files)
