"""Weight files that no package carries: where they lie, and whether they are what they should be.

A file lies under its name in the folder `weights` of the cache, with a record beside it of its hash and of when and
from where it came. The hash it must have is the published one; where none is known, that of the first installation,
which only says that the file has not changed since.
"""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import DamagedSource, NotInstalled
from .install import write_whole


@dataclass(frozen=True, slots=True)
class WeightFile:
    """A file that is downloaded once and checked by SHA-256 whenever it is loaded."""

    name: str
    urls: tuple[str, ...]  # tried in this order
    size: int | None = None  # bytes; None: not known before it is installed
    sha256: str | None = None  # None: recorded at the first installation
    known_from: str = ""  # where that hash was read
    member: str = ""  # name in the zip archive that the addresses serve; empty: they serve the file itself

    @property
    def archive(self) -> str:
        """The file name of the archive; empty where there is none."""
        return self.urls[0].rpartition("/")[2] if self.member else ""


@dataclass(frozen=True, slots=True)
class Record:
    """What was known of a file when it was installed."""

    sha256: str
    size: int  # bytes
    installed_on: str  # ISO date
    source: str  # address or path


def folder(cache_dir: Path) -> Path:
    return cache_dir / "weights"


def path_of(file: WeightFile, cache_dir: Path) -> Path:
    return folder(cache_dir) / file.name


def record_of(file: WeightFile, cache_dir: Path) -> Record | None:
    try:
        return Record(**json.loads(_record_path(file, cache_dir).read_bytes()))
    except (OSError, ValueError, TypeError):  # not there, not JSON, other fields
        return None


def read_checked(file: WeightFile, cache_dir: Path) -> bytes:
    """The file's content, whose hash is the published or the recorded one. Raises NotInstalled or DamagedSource."""
    try:
        data = path_of(file, cache_dir).read_bytes()
    except OSError:
        raise NotInstalled(f"{file.name} is not installed: run manage.py models install.") from None
    require_sound(file, hashlib.sha256(data).hexdigest(), record_of(file, cache_dir))
    return data


def require_sound(file: WeightFile, found: str, record: Record | None) -> None:
    """DamagedSource unless the hash `found` is the one the file must have."""
    if file.sha256 is not None:
        expected, since = file.sha256, "the published one"
    elif record is not None:
        expected, since = record.sha256, f"the one recorded at its first installation on {record.installed_on}"
    else:
        raise DamagedSource(f"{file.name} has no record of its hash: remove it and install it again.")
    if found != expected:
        raise DamagedSource(
            f"{file.name} is not the file this pack was made for: its SHA-256 is {found}, not {since}, {expected}."
        )


def keep_record(file: WeightFile, cache_dir: Path, *, found: str, size: int, source: str) -> Record:
    record = Record(found, size, dt.datetime.now(dt.UTC).date().isoformat(), source)
    write_whole(_record_path(file, cache_dir), json.dumps(asdict(record), indent=1).encode())
    return record


def remove(file: WeightFile, cache_dir: Path) -> int:
    """Deletes the file, its record and what is left of unfinished downloads. Returns the bytes freed."""
    left = [path for path in folder(cache_dir).glob(f"{file.name}*") if path.suffix != ".lock"]
    freed = sum(path.stat().st_size for path in left)
    for path in left:
        path.unlink()
    return freed


def _record_path(file: WeightFile, cache_dir: Path) -> Path:
    return folder(cache_dir) / f"{file.name}.json"
