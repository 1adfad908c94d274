"""The record in PostgreSQL: what the application's role cannot do, and what the owner's tampering leaves behind."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from lfrweb.database_roles import as_owner
from tests.cast import Cast, make_cast, make_subject
from tests.commands import run
from watchlist.chain import canonical, link_hash
from watchlist.models import AuditDetail, AuditEntry
from watchlist.selectors.audit import head, links
from watchlist.services.audit import details_destroy, record
from watchlist.services.viewing import record_export
from watchlist.verifier import exported_links, verify


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def faults() -> set[tuple[int, str]]:
    return {(fault.seq, fault.code) for fault in verify(links()).faults}


@pytest.fixture
def entries(cast: Cast) -> int:
    """How many there are: appointments with no detail, subjects with one."""
    for _ in range(4):
        make_subject(cast)
    return AuditEntry.objects.count()


class TestTheApplicationsRole:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE watchlist_auditentry SET at = now()",
            "DELETE FROM watchlist_auditentry",
            "TRUNCATE watchlist_auditentry CASCADE",
            "UPDATE watchlist_auditdetail SET text = '{}'",
            "TRUNCATE watchlist_auditdetail",
            "ALTER TABLE watchlist_auditentry DISABLE TRIGGER ALL",
            "ALTER TABLE watchlist_auditentry DISABLE TRIGGER watchlist_auditentry_continues",
            "DROP TRIGGER watchlist_auditentry_append_only ON watchlist_auditentry",
            "CREATE OR REPLACE FUNCTION watchlist_audit_refuse() RETURNS trigger "
            "LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "SET session_replication_role = replica",
            "SET ROLE lfrweb_owner",
            "CREATE RULE quiet AS ON INSERT TO watchlist_auditentry DO INSTEAD NOTHING",
            "CREATE TRIGGER quiet BEFORE INSERT ON watchlist_auditentry FOR EACH ROW "
            "EXECUTE FUNCTION watchlist_audit_refuse()",
            "COPY watchlist_auditentry FROM '/etc/hostname'",
        ],
    )
    def test_cannot_rewrite_the_record(self, statement: str, entries: int) -> None:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            execute(statement)
        assert verify(links()).sound

    def forged(self, **changes: Any) -> AuditEntry:
        seq, previous = head()
        fields = {"seq": seq + 1, "previous": previous, "body": canonical({"seq": seq + 1})} | changes
        fields.setdefault("hash", link_hash(fields["previous"], fields["body"]))
        return AuditEntry(at="2026-01-01T00:00Z", action="forged", actor="system", **fields)

    @pytest.mark.parametrize(
        "changes", [{"seq": 1}, {"seq": 0}, {"seq": 10**9}, {"previous": "0" * 64}, {"hash": "f" * 64}]
    )
    def test_cannot_fork_the_chain_or_leave_a_gap(self, changes: dict[str, Any], entries: int) -> None:
        with pytest.raises(DatabaseError, match=r"does not continue it|duplicate key"), transaction.atomic():
            self.forged(**changes).save(force_insert=True)
        assert verify(links()).sound

    def test_can_add_what_is_false_but_only_at_the_end_where_it_stays(self, entries: int) -> None:
        self.forged().save(force_insert=True)
        assert faults() == {(entries + 1, "copies")}

    def test_cannot_hide_the_removal_of_a_detail(self, entries: int) -> None:
        seq = AuditDetail.objects.order_by("-pk").values_list("pk", flat=True)[0]
        execute(f"DELETE FROM watchlist_auditdetail WHERE entry_id = {seq}")
        assert faults() == {(seq, "detail_missing")}


class TestTheOwner:
    """Who can disable the triggers can change rows; the chain shows it."""

    @pytest.fixture
    def owner(self, committed_db: None) -> Iterator[int]:
        cast = make_cast()
        for _ in range(3):
            make_subject(cast)
        entries = AuditEntry.objects.count()
        with as_owner():
            execute("ALTER TABLE watchlist_auditentry DISABLE TRIGGER USER")
            execute("ALTER TABLE watchlist_auditdetail DISABLE TRIGGER USER")
            try:
                yield entries
            finally:
                execute("ALTER TABLE watchlist_auditentry ENABLE TRIGGER USER")
                execute("ALTER TABLE watchlist_auditdetail ENABLE TRIGGER USER")

    @pytest.mark.parametrize(
        ("statement", "found"),
        [
            (
                "UPDATE watchlist_auditentry SET body = replace(body, 'officer', 'auditor') WHERE seq = 5",
                {(5, "changed")},
            ),
            ("UPDATE watchlist_auditentry SET actor = 'nobody' WHERE seq = 3", {(3, "copies")}),
            ("UPDATE watchlist_auditentry SET at = at + interval '1 microsecond' WHERE seq = 3", {(3, "copies")}),
            ("UPDATE watchlist_auditentry SET deployment = gen_random_uuid() WHERE seq = 3", {(3, "copies")}),
            ("DELETE FROM watchlist_auditentry WHERE seq = 3", {(4, "missing"), (4, "broken")}),
            ("DELETE FROM watchlist_auditentry WHERE seq <= 2", {(3, "missing"), (3, "broken")}),
            ("UPDATE watchlist_auditdetail SET text = '{}' WHERE entry_id = 7", {(7, "detail")}),
            (
                "INSERT INTO watchlist_auditentry SELECT 0, 'p', 'h', '{}', at, action, actor "
                "FROM watchlist_auditentry LIMIT 1",
                {(0, "order"), (0, "broken"), (0, "changed"), (0, "moved"), (0, "copies"), (1, "broken")},
            ),
        ],
    )
    def test_leaves_traces(self, statement: str, found: set[tuple[int, str]], owner: int) -> None:
        execute(statement)
        assert faults() == found

    def test_leaves_none_by_cutting_the_tail_but_a_head_that_was_kept_finds_it(
        self, owner: int, tmp_path: Path
    ) -> None:
        kept = tmp_path / "heads"
        kept.write_text(run("verify_audit")[1])
        execute(
            f"DELETE FROM watchlist_auditdetail WHERE entry_id = {owner}",
            f"DELETE FROM watchlist_auditentry WHERE seq = {owner}",
        )
        assert run("verify_audit")[0] == 0, "Nothing in it shows."
        code, said = run("verify_audit", "--anchor", str(kept))
        assert code == 1
        assert f"fault at {owner}, cut_off" in said


class TestDestroyingDetails:
    def test_says_which_and_by_which_rule(self, entries: int) -> None:
        having = list(AuditDetail.objects.order_by("pk").values_list("pk", flat=True))
        assert details_destroy(rule="subjects.after_expiry", entries=[*having[:2], having[3], 10**9]) == 3
        verdict = verify(links())
        assert verdict.sound
        assert verdict.destroyed == {"subjects.after_expiry": 3}
        assert AuditDetail.objects.count() == len(having) - 3
        said = json.loads(AuditEntry.objects.latest("seq").body)["facts"]
        assert said == {"rule": "subjects.after_expiry", "entries": [having[:2], [having[3], having[3]]]}

    def test_of_none_is_not_worth_an_entry(self, entries: int) -> None:
        assert details_destroy(rule="any", entries=[]) == 0
        assert AuditEntry.objects.count() == entries


def test_many_batches_are_one_chain(cast: Cast, entries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchlist.selectors.audit.BATCH", 3)
    assert verify(links()).entries == entries
    assert verify(links(up_to=5)).entries == 5
    assert verify(exported_links(record_export(actor=cast.audrey, purpose="test"))).sound


def test_an_entry_belongs_to_the_transaction_of_what_it_records(committed_db: None) -> None:
    with pytest.raises(transaction.TransactionManagementError, match="belongs to the transaction"):
        record("test", actor=None, facts={})


def test_what_is_undone_leaves_no_entry_and_no_gap(cast: Cast, entries: int) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        make_subject(cast)
        raise RuntimeError
    make_subject(cast)
    assert verify(links()).entries == entries + 1


def test_awkward_text_survives(cast: Cast, entries: int) -> None:
    subject = make_subject(cast, name='Zoë \u2028 "O\'Neill" \\ \t 東京 🙂', instructions="{}\n\r\x01")
    assert verify(links()).sound
    lines = list(record_export(actor=cast.audrey, purpose="test"))
    assert verify(exported_links("".join(lines).split("\n")[:-1])).sound
    assert subject.name in json.loads(AuditDetail.objects.latest("pk").text)["name"]
