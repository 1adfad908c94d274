"""`manage.py rotate_keys`: a new master key, the same sealed values."""

import io
import json
import os
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lfrweb.secrets import kept_secret, master_key
from watchlist import vault
from watchlist.models import AuditEntry

OLD, NEW = (urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))


@pytest.fixture
def sealed(tmp_path: Path, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> bytes:
    for name in ("LFR_MASTER_KEY", "LFR_NEW_MASTER_KEY"):
        monkeypatch.delenv(name, raising=False)
    settings.LFR_VAR, settings.LFR_KEYS_DIR = tmp_path, tmp_path / "keys"
    settings.LFR_MASTER_KEY = master_key(OLD)
    return vault.seal(b"secret", key="list", context="here")


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def opened(sealed: bytes) -> bytes:
    return vault.unseal(sealed, key="list", context="here")


def test_a_kept_key_is_replaced_by_a_new_one(sealed: bytes, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "master.key").write_text(OLD)
    assert "1 data keys" in rotate()
    kept = tmp_path / "master.key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text() != OLD
    settings.LFR_MASTER_KEY = master_key(kept.read_text())  # as the next start reads it
    assert opened(sealed) == b"secret"
    facts = json.loads(AuditEntry.objects.get(action="keys.rotated").body)["facts"]
    assert facts == {"keys": 1}


def test_one_that_was_cut_short_is_finished_with_the_same_key(sealed: bytes, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "master.key").write_text(OLD)
    begun = kept_secret(tmp_path / "master.key.next")
    vault.rotate(master_key(OLD), master_key(begun))  # and then the power failed
    rotate()
    assert (tmp_path / "master.key").read_text() == begun
    assert not (tmp_path / "master.key.next").exists()
    settings.LFR_MASTER_KEY = master_key(begun)
    assert opened(sealed) == b"secret"


def test_a_given_key_is_replaced_by_the_one_given(
    sealed: bytes, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LFR_MASTER_KEY", OLD)
    with pytest.raises(CommandError, match="Set LFR_NEW_MASTER_KEY"):
        rotate()
    assert opened(sealed) == b"secret"
    monkeypatch.setenv("LFR_NEW_MASTER_KEY", NEW)
    assert "Set LFR_MASTER_KEY" in rotate()
    settings.LFR_MASTER_KEY = master_key(NEW)
    assert opened(sealed) == b"secret"
    assert not (tmp_path / "master.key").exists()


def test_with_a_key_that_opens_nothing_everything_stays(sealed: bytes, tmp_path: Path, settings: Any) -> None:
    settings.LFR_MASTER_KEY = master_key(NEW)
    before = (tmp_path / "keys" / "list.key").read_bytes()
    with pytest.raises(CommandError, match="does not open"):
        rotate()
    assert (tmp_path / "keys" / "list.key").read_bytes() == before
    assert not AuditEntry.objects.exists()
