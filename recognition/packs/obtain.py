"""How does a weight file come into the cache: over the network or from a folder, checked before it has its name."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import weights
from .download import LARGEST, PIECE, Progress, discard, fetch, silent
from .errors import CannotFetch, DamagedSource, NotInstalled
from .install import only_one
from .weights import Record, WeightFile


@dataclass(frozen=True, slots=True)
class Obtained:
    """What came of one file."""

    record: Record
    new: bool  # False: it was there already, and sound


def obtain(
    file: WeightFile,
    cache_dir: Path,
    *,
    source: Path | None = None,
    trial: Callable[[bytes], object],
    progress: Progress = silent,
) -> Obtained:
    """The file, sound and under its name; from the folder `source` where one is given, else downloaded.

    A file without a published hash has to pass `trial`, which opens it as a network and raises DamagedSource, before
    its hash is recorded. Raises NotInstalled, CannotFetch or DamagedSource; nothing new lies under the name then.
    """
    weights.folder(cache_dir).mkdir(parents=True, exist_ok=True)
    path = weights.path_of(file, cache_dir)
    with only_one(path.with_name(f"{path.name}.lock")):
        record = weights.record_of(file, cache_dir)
        if record is not None and _is_sound(file, cache_dir):
            return Obtained(record, new=False)
        part = path.with_name(f"{path.name}.part")
        try:
            came_from = _bring(file, part, source, progress)
            found = _accept(file, part, record, trial)
        except DamagedSource:
            discard(part)
            raise
        size = part.stat().st_size
        part.replace(path)
        discard(part)
        return Obtained(weights.keep_record(file, cache_dir, found=found, size=size, source=came_from), new=True)


def _is_sound(file: WeightFile, cache_dir: Path) -> bool:
    try:
        return bool(weights.read_checked(file, cache_dir))
    except (NotInstalled, DamagedSource):
        return False


def _bring(file: WeightFile, part: Path, source: Path | None, progress: Progress) -> str:
    """Puts the file, not yet trusted, into `part`; returns where it came from."""
    if source is not None:
        return _from_folder(file, part, source)
    whole = part if not file.member else part.with_name(f"{file.name}.zip.part")
    used = _from_network(file, whole, progress)
    if file.member:
        try:
            _unpack(file, whole, part)
        finally:
            discard(whole)
    return used


def _from_network(file: WeightFile, part: Path, progress: Progress) -> str:
    failures = []
    for url in file.urls:
        try:
            fetch(url, part, progress=progress)
        except CannotFetch as error:
            failures.append(error.message)
        else:
            return url
    raise CannotFetch(" ".join(failures))


def _from_folder(file: WeightFile, part: Path, source: Path) -> str:
    plain = source / file.name
    archives = [source / name for name in (file.archive, f"{file.name}.zip") if name]
    if plain.is_file():
        shutil.copyfile(plain, part)
        return str(plain)
    for archive in archives:
        if archive.is_file():
            _unpack(file, archive, part)
            return str(archive)
    wanted = " or ".join(dict.fromkeys([file.name, *(archive.name for archive in archives)]))
    raise NotInstalled(f"There is no {wanted} in {source}.")


def _unpack(file: WeightFile, archive: Path, part: Path) -> None:
    wanted = Path(file.member or file.name).name
    try:
        with zipfile.ZipFile(archive) as opened:
            entry = next((entry for entry in opened.infolist() if Path(entry.filename).name == wanted), None)
            if entry is None:
                raise DamagedSource(f"{archive.name} holds no {wanted}.")
            if entry.file_size > LARGEST:
                raise DamagedSource(f"{wanted} in {archive.name} is larger than any weight file.")
            with opened.open(entry) as member, part.open("wb") as target:
                shutil.copyfileobj(member, target, PIECE)
    except (zipfile.BadZipFile, EOFError) as error:
        raise DamagedSource(f"{archive.name} is no whole zip archive.") from error


def _accept(file: WeightFile, part: Path, record: Record | None, trial: Callable[[bytes], object]) -> str:
    """The hash of what came; DamagedSource where it is not the file that was wanted."""
    size = part.stat().st_size
    if file.size is not None and size != file.size:
        raise DamagedSource(f"{file.name} has {size:,} bytes, not {file.size:,}: it is cut off or another file.")
    with part.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if file.sha256 is not None or record is not None:
        weights.require_sound(file, found, record)
    else:
        trial(part.read_bytes())
    return found
