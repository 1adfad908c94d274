"""A pack's networks, converted once into a cache folder and checked by SHA-256 whenever they are loaded.

Beside each converted file stands a record: hash of the source, hash of the result, version of the conversion. A
result that does not fit its record, a source that has changed, or a newer conversion means: convert again. A file
appears under its name only when it is whole, and one process converts while others wait for it.
"""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from .errors import DamagedSource, MissingSource


@dataclass(frozen=True, slots=True)
class Network:
    """One file of a pack: where its weights come from and how they become an ONNX model."""

    name: str  # the cache file is name.onnx
    package: str  # the installed distribution that carries the weights
    file: str  # their file name in it
    sha256: str  # of that file
    build: Callable[[bytes], bytes]
    conversion: int  # raised when `build` writes another graph from the same weights


@dataclass(frozen=True, slots=True)
class Record:
    source_sha256: str
    result_sha256: str
    conversion: int


def source_bytes(network: Network) -> bytes:
    """The weights as their package carries them. Raises MissingSource or DamagedSource."""
    try:
        # Found without importing the package: that of dlib's weights wants pkg_resources.
        found = next((f for f in files(network.package) or () if f.name == network.file), None)
    except PackageNotFoundError:
        found = None
    if found is None:
        raise MissingSource(f"{network.file} is not installed: install the package {network.package}.")
    try:
        data = Path(str(found.locate())).read_bytes()
    except OSError as error:
        raise MissingSource(f"{network.file} cannot be read: reinstall the package {network.package}.") from error
    if sha256(data) != network.sha256:
        raise DamagedSource(f"{network.file} is not the file this pack was made for: reinstall {network.package}.")
    return data


def ensure_installed(network: Network, cache_dir: Path) -> bytes:
    """The converted model, from the cache where that is sound, else converted now. Safe for any number of processes."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    model, record = cache_dir / f"{network.name}.onnx", cache_dir / f"{network.name}.json"
    if (sound := _read_sound(network, model, record)) is not None:
        return sound
    with only_one(cache_dir / f"{network.name}.lock"):
        if (sound := _read_sound(network, model, record)) is not None:
            return sound  # another process was faster
        built = network.build(source_bytes(network))
        write_whole(model, built)
        content = asdict(Record(network.sha256, sha256(built), network.conversion))
        write_whole(record, json.dumps(content, indent=1).encode())
        return built


def is_installed(network: Network, cache_dir: Path) -> bool:
    return _read_sound(network, cache_dir / f"{network.name}.onnx", cache_dir / f"{network.name}.json") is not None


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read_sound(network: Network, model: Path, record: Path) -> bytes | None:
    try:
        stated = Record(**json.loads(record.read_bytes()))
        data = model.read_bytes()
    except (OSError, ValueError, TypeError):  # not there, not JSON, other fields: all mean convert again
        return None
    expected = Record(network.sha256, sha256(data), network.conversion)
    return data if stated == expected else None


def write_whole(path: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    # Not unlinked afterwards: a process waiting on the old file would let a third in by the new one.
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
