"""A key outlasts a power failure before anything depends on it: first its file reaches the disk, then its name."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from lfrweb.secrets import kept_secret
from watchlist import durable, vault

BEFORE, AFTER = b"before", b"after"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was brought to the disk, in order: files and folders."""
    paths: list[Path] = []
    really = os.fsync

    def noting(descriptor: int) -> None:
        paths.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        really(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    return paths


@pytest.mark.parametrize(
    ("write", "stays"), [(durable.replace, AFTER), (durable.make, BEFORE)], ids=["replace", "make"]
)
def test_a_file_is_there_whole_and_this_accounts_alone(
    tmp_path: Path, synced: list[Path], write: Callable[[Path, bytes], None], stays: bytes
) -> None:
    path = tmp_path / "key"
    for data in (BEFORE, AFTER):
        write(path, data)
        beside, folder = synced[-2:]
        assert (beside.parent, folder) == (tmp_path, tmp_path)
        assert beside != path, "another file, so that the name never stands for half of one"
    assert path.read_bytes() == stays
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_renamed_file_keeps_its_new_name(tmp_path: Path, synced: list[Path]) -> None:
    durable.make(tmp_path / "next", AFTER)
    synced.clear()
    durable.rename(tmp_path / "next", tmp_path / "key")
    assert synced == [tmp_path]


@pytest.mark.django_db
def test_a_new_master_key_is_on_the_disk_before_a_data_key_is_wrapped_with_it(
    tmp_path: Path, settings: Any, synced: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LFR_MASTER_KEY", raising=False)
    settings.LFR_VAR, settings.LFR_KEYS_DIR, settings.LFR_MASTER_KEY = tmp_path, tmp_path / "keys", os.urandom(32)
    vault.seal(b"secret", key=vault.LIST_KEY, context="here")
    synced.clear()
    call_command("rotate_keys")
    folders = [path.parent if path.name.endswith(".new") else path for path in synced]
    assert folders == [tmp_path, tmp_path, tmp_path / "keys", tmp_path / "keys", tmp_path]


def test_a_kept_secret_is_on_the_disk_when_it_is_told(tmp_path: Path, synced: list[Path]) -> None:
    assert kept_secret(tmp_path / "secret.key") == (tmp_path / "secret.key").read_text()
    assert synced[-1] == tmp_path
