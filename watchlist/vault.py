"""Secrets at rest: AES-256-GCM under data keys that are wrapped by the master key and kept outside the database.

One data key seals the watch-list, one each deployment's pictures. Destroying a key file destroys what backups and the
write-ahead log still hold. A sealed value is bound to a context (this column of that row), so that it cannot be moved.
"""

import hmac
import os
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.conf import settings
from django.db.models import Model

from watchlist import durable

KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPING_BYTES = 8  # what RFC 3394 adds
LIST_KEY = "list"


class VaultError(Exception):
    """A sealed value that cannot be opened: the key is destroyed, or the value is not what was sealed here."""


def deployment_key(deployment: UUID | str) -> str:
    return f"deployment-{deployment}"


def place(row: Model, column: str) -> str:
    """The context of a sealed column: this column of this row and no other."""
    return f"{row._meta.label_lower}.{column}:{row.pk}"


def seal(data: bytes, *, key: str, context: str) -> bytes:
    """Encrypts `data` under the named data key, making the key on first use."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_data_key(key, make=True)).encrypt(nonce, data, context.encode())


def unseal(sealed: bytes, *, key: str, context: str) -> bytes:
    """What `seal` was given. Raises VaultError for a destroyed key, another context, or a changed value."""
    sealed = bytes(sealed)
    try:
        return AESGCM(_data_key(key, make=False)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:  # the latter for what is too short to have been sealed at all
        raise VaultError(f"A value sealed as {context} is not what was sealed under the key {key}.") from error


def fingerprint(data: bytes) -> bytes:
    """Keyed SHA-256 of a file: tells the identical file again, and nothing to whoever lacks the list's key."""
    # A key of its own, made from the list's: one key serves one purpose.
    key = hmac.digest(_data_key(LIST_KEY, make=True), b"fingerprint", "sha256")
    return hmac.digest(key, data, "sha256")


def destroy(key: str) -> bool:
    """Overwrites and removes a data key; what it sealed is gone. True if there was one."""
    path = _path(key)
    _read.cache_clear()
    try:
        with open(path, "r+b") as file:  # which makes no file where there is none
            file.write(os.urandom(KEY_BYTES + WRAPPING_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def rotate(old_master: bytes, new_master: bytes) -> int:
    """Wraps every data key anew; what they sealed stays as it is. Returns how many there are.

    One that was cut short is finished by calling it again with the same two. Raises VaultError, with nothing changed,
    where a key opens under neither.
    """
    paths = sorted(Path(settings.LFR_KEYS_DIR).glob("*.key"))
    unwrapped = [(path, _unwrap_either(path, old_master, new_master)) for path in paths]
    for path, key in unwrapped:
        durable.replace(path, aes_key_wrap(new_master, key))
    _read.cache_clear()
    return len(unwrapped)


def _unwrap_either(path: Path, old_master: bytes, new_master: bytes) -> bytes:
    try:
        return _unwrap(path, new_master)
    except VaultError:
        return _unwrap(path, old_master)


def _data_key(name: str, *, make: bool) -> bytes:
    path = _path(name)
    if not path.exists():
        if not make:
            raise VaultError(f"The key {name} is destroyed: what it sealed cannot be opened.")
        _make(path)
    # The file's identity is part of the cache key: a destroyed or rotated key must not live on in a process.
    stat = path.stat()
    return _read(path, stat.st_ino, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _inode: int, _modified: int) -> bytes:
    return _unwrap(path, settings.LFR_MASTER_KEY)


def _unwrap(path: Path, master: bytes) -> bytes:
    try:
        return aes_key_unwrap(master, path.read_bytes())
    except InvalidUnwrap as error:
        raise VaultError(
            f"The master key does not open {path.name}: set LFR_MASTER_KEY to the one it was made with."
        ) from error


def _make(path: Path) -> None:
    """Two processes may ask first at once: the second then reads the first one's key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.make(path, aes_key_wrap(settings.LFR_MASTER_KEY, os.urandom(KEY_BYTES)))


def _path(name: str) -> Path:
    return Path(settings.LFR_KEYS_DIR) / f"{name}.key"
