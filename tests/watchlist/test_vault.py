"""What is sealed opens in its place and under its key, and nowhere else."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from watchlist import vault
from watchlist.vault import VaultError

OLD, NEW = os.urandom(32), os.urandom(32)


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Any) -> Path:
    settings.LFR_KEYS_DIR = tmp_path / "keys"
    settings.LFR_MASTER_KEY = OLD
    return tmp_path / "keys"


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=500), at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_it_opens_as_it_was_and_not_with_one_bit_changed(data: bytes, at: int, bit: int) -> None:
    sealed = vault.seal(data, key="list", context="here")
    assert vault.unseal(sealed, key="list", context="here") == data
    bent = bytearray(sealed)
    bent[at % len(bent)] ^= 1 << bit
    with pytest.raises(VaultError):
        vault.unseal(bytes(bent), key="list", context="here")


def test_the_same_bytes_are_never_sealed_alike() -> None:
    assert len({vault.seal(b"same", key="list", context="here") for _ in range(50)}) == 50


@pytest.mark.parametrize(("key", "context"), [("list", "there"), ("deployment-1", "here")])
def test_it_opens_in_its_place_and_under_its_key_alone(key: str, context: str) -> None:
    vault.seal(b"other", key="deployment-1", context="here")
    sealed = vault.seal(b"secret", key="list", context="here")
    with pytest.raises(VaultError):
        vault.unseal(sealed, key=key, context=context)


@pytest.mark.parametrize("broken", [b"", b"short", b"\0" * 12, b"\0" * 28])
def test_what_was_never_sealed_does_not_open(broken: bytes) -> None:
    vault.seal(b"x", key="list", context="here")
    with pytest.raises(VaultError):
        vault.unseal(broken, key="list", context="here")


def test_key_files_are_their_owners_and_hold_no_key_in_clear(keys: Path) -> None:
    vault.seal(b"x", key="list", context="here")
    [file] = keys.iterdir()
    assert (file.name, file.stat().st_mode & 0o777, keys.stat().st_mode & 0o777) == ("list.key", 0o600, 0o700)
    assert len(file.read_bytes()) == vault.KEY_BYTES + vault.WRAPPING_BYTES


def test_with_the_key_destroyed_what_it_sealed_is_gone(keys: Path) -> None:
    sealed = vault.seal(b"secret", key="deployment-1", context="here")
    assert vault.destroy("deployment-1")
    with pytest.raises(VaultError, match="destroyed"):
        vault.unseal(sealed, key="deployment-1", context="here")
    vault.seal(b"anew", key="deployment-1", context="here")  # another key under the old name
    with pytest.raises(VaultError):
        vault.unseal(sealed, key="deployment-1", context="here")


def test_destroying_what_never_was_makes_nothing(keys: Path) -> None:
    vault.seal(b"x", key="list", context="here")
    assert not vault.destroy("deployment-1")
    assert [file.name for file in keys.iterdir()] == ["list.key"]


def test_asking_to_open_makes_no_key(keys: Path) -> None:
    with pytest.raises(VaultError):
        vault.unseal(b"\0" * 40, key="list", context="here")
    assert not keys.exists()


class TestRotation:
    @pytest.fixture
    def sealed(self) -> dict[str, bytes]:
        return {
            key: vault.seal(key.encode(), key=key, context="here") for key in ("list", "deployment-1", "deployment-2")
        }

    def opens_all(self, sealed: dict[str, bytes]) -> None:
        for key, value in sealed.items():
            assert vault.unseal(value, key=key, context="here") == key.encode()

    def test_leaves_what_is_sealed_as_it_is(self, sealed: dict[str, bytes], settings: Any) -> None:
        assert vault.rotate(OLD, NEW) == 3
        with pytest.raises(VaultError, match="LFR_MASTER_KEY"):
            vault.unseal(sealed["list"], key="list", context="here")
        settings.LFR_MASTER_KEY = NEW
        self.opens_all(sealed)

    def test_that_was_cut_short_is_finished_by_another(
        self, sealed: dict[str, bytes], settings: Any, keys: Path
    ) -> None:
        kept = {path: path.read_bytes() for path in sorted(keys.iterdir())}
        vault.rotate(OLD, NEW)
        undone = list(kept)[-1]
        undone.write_bytes(kept[undone])  # as if it had stopped before the last
        vault.rotate(OLD, NEW)
        settings.LFR_MASTER_KEY = NEW
        self.opens_all(sealed)

    def test_with_a_wrong_key_changes_nothing(self, sealed: dict[str, bytes], keys: Path) -> None:
        (keys / "zzz.key").write_bytes(os.urandom(40))  # the last one to be read opens under neither
        before = {path: path.read_bytes() for path in keys.iterdir()}
        with pytest.raises(VaultError, match=r"zzz\.key"):
            vault.rotate(OLD, NEW)
        assert {path: path.read_bytes() for path in keys.iterdir()} == before
        self.opens_all(sealed)


def test_a_fingerprint_tells_the_same_file_and_depends_on_the_key(settings: Any, tmp_path: Path) -> None:
    first = vault.fingerprint(b"picture")
    assert vault.fingerprint(b"picture") == first
    assert vault.fingerprint(b"picture2") != first
    settings.LFR_KEYS_DIR = tmp_path / "other installation"
    assert vault.fingerprint(b"picture") != first
