"""The commands that verify the record and take it out."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.cast import Cast, make_subject
from tests.commands import run
from watchlist.models import AuditEntry
from watchlist.selectors.audit import head


@pytest.fixture
def entries(cast: Cast) -> int:
    """How many there are: appointments with no detail, subjects with one."""
    for _ in range(4):
        make_subject(cast)
    return AuditEntry.objects.count()


class TestCommands:
    def test_verify_says_what_it_found(self, entries: int) -> None:
        code, said = run("verify_audit")
        seq, digest = head()
        assert code == 0
        assert said.splitlines() == [f"{entries} entries", f"head {seq}:{digest}", "No fault was found."]

    def test_verify_holds_the_record_to_a_head(self, entries: int) -> None:
        seq, digest = head()
        assert run("verify_audit", "--anchor", f"{seq}:{digest}")[0] == 0
        assert run("verify_audit", "--anchor", f"{seq}:{'0' * 64}")[0] == 1
        assert run("verify_audit", "--anchor", f"{seq + 1}:{digest}")[0] == 1

    @pytest.mark.parametrize("given", ["12", "no-such-file", "12:abc"])
    def test_verify_refuses_what_is_no_head(self, given: str, entries: int) -> None:
        with pytest.raises(CommandError, match="SEQ:HASH"):
            run("verify_audit", "--anchor", given)

    def test_an_export_is_private_whole_and_on_the_record(self, cast: Cast, entries: int, tmp_path: Path) -> None:
        file = tmp_path / "record.ndjson"
        run("export_audit", str(file), actor="audrey")
        assert file.stat().st_mode & 0o777 == 0o600
        last = json.loads(json.loads(file.read_text().splitlines()[-1])["body"])
        assert (last["action"], last["actor"], last["seq"]) == ("record.exported", str(cast.audrey.pk), entries + 1)
        code, said = run("verify_audit", str(file))
        assert (code, said.splitlines()[0]) == (0, f"{entries + 1} entries")

    def test_an_export_that_was_changed_is_found_without_the_database(
        self, cast: Cast, entries: int, tmp_path: Path
    ) -> None:
        file = tmp_path / "record.ndjson"
        run("export_audit", str(file), actor="audrey")
        file.write_text(file.read_text().replace("R-", "S-", 1))
        code, said = run("verify_audit", str(file))
        assert code == 1
        assert re.search(r"fault at \d+, detail:", said)
        file.write_text("not a record\n")
        with pytest.raises(CommandError, match="Line 1"):
            run("verify_audit", str(file))

    @pytest.mark.parametrize("actor", ["sam", "adam", "nell", "nobody"])
    def test_an_export_is_for_auditors(self, actor: str, cast: Cast, entries: int, tmp_path: Path) -> None:
        file = tmp_path / "record.ndjson"
        with pytest.raises(CommandError):
            run("export_audit", str(file), actor=actor)
        assert not file.exists()
        assert AuditEntry.objects.count() == entries

    def test_an_export_overwrites_nothing(self, cast: Cast, entries: int, tmp_path: Path) -> None:
        file = tmp_path / "record.ndjson"
        file.write_text("kept")
        with pytest.raises(CommandError, match="cannot be written"):
            run("export_audit", str(file), actor="audrey")
        assert (file.read_text(), AuditEntry.objects.count()) == ("kept", entries)
