"""Reading the record, and finding out whether it has been bent."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from watchlist.chain import GENESIS, detail_hash, link_hash
from watchlist.models import AuditEntry, User
from watchlist.permissions import Permission, require


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it was stored or exported, and what is left of its detail."""

    seq: int
    previous: str
    hash: str
    body: str
    copies: dict[str, Any] | None = None  # the columns copied out of the body; none in an export
    salt: bytes | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the record should not show."""

    seq: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    entries: int
    head_seq: int
    head_hash: str
    details_gone: int  # details the rules have destroyed: no fault
    faults: tuple[Fault, ...]


def entries_for(user: User) -> QuerySet[AuditEntry]:
    """The record, newest first. Raises NotAllowed for whoever may not read it."""
    require(user, Permission.AUDIT_READ)
    return AuditEntry.objects.select_related("detail").order_by("-seq")


def links() -> Iterator[Link]:
    """The stored chain from its start, streamed."""
    entries = AuditEntry.objects.order_by("seq").select_related("detail")
    for entry in entries.iterator(chunk_size=2000):
        detail = getattr(entry, "detail", None)
        yield Link(
            entry.seq,
            entry.previous,
            entry.hash,
            entry.body,
            copies={
                "action": entry.action,
                "actor": entry.actor,
                "at": entry.at.isoformat(),
                "deployment": str(entry.deployment) if entry.deployment else None,
            },
            salt=bytes(detail.salt) if detail else None,
            detail=detail.text if detail else None,
        )


def exported_links(lines: Iterable[str]) -> Iterator[Link]:
    """The chain as `export_lines` wrote it. Raises ValueError naming a line that is not of that form."""
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            detail = row.get("detail")
            yield Link(
                int(row["seq"]),
                str(row["previous"]),
                str(row["hash"]),
                str(row["body"]),
                salt=bytes.fromhex(detail["salt"]) if detail else None,
                detail=detail["text"] if detail else None,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"Line {number} is not an entry of an exported record: {error}") from error


def export_lines() -> Iterator[str]:
    """One JSON object a line, oldest first: everything that offline verification needs."""
    for link in links():
        row: dict[str, Any] = {"seq": link.seq, "previous": link.previous, "hash": link.hash, "body": link.body}
        if link.salt is not None:
            row["detail"] = {"salt": link.salt.hex(), "text": link.detail}
        yield json.dumps(row, ensure_ascii=False) + "\n"


def verify(chain: Iterable[Link], *, most: int = 50) -> Verdict:
    """Walks a chain from its start; names each entry that was changed, inserted, moved or whose forerunner is missing.

    A tail that was cut off leaves a shorter, sound chain: compare `head_seq` and `head_hash` with a figure kept
    elsewhere. Stops collecting after `most` faults, counting on.
    """
    faults: list[Fault] = []
    seq, previous, count, gone = 0, GENESIS, 0, 0

    def fault(code: str, message: str) -> None:
        if len(faults) < most:
            faults.append(Fault(link.seq, code, message))

    for link in chain:
        count += 1
        if link.seq != seq + 1:
            fault("missing" if link.seq > seq + 1 else "order", f"Entry {link.seq} follows entry {seq}.")
        if link.previous != previous:
            fault("broken", f"Entry {link.seq} does not continue the entry before it.")
        if link_hash(link.previous, link.body) != link.hash:
            fault("changed", f"Entry {link.seq} is not what was hashed when it was written.")
        body = _parsed(link.body)
        if body.get("seq") != link.seq:
            fault("moved", f"Entry {link.seq} was written as entry {body.get('seq')}.")
        if link.copies is not None and any(body.get(name) != value for name, value in link.copies.items()):
            fault("copies", f"The searchable columns of entry {link.seq} differ from what was hashed.")
        if link.detail is not None and link.salt is not None:
            if detail_hash(link.salt, link.detail) != body.get("detail"):
                fault("detail", f"The detail of entry {link.seq} is not what was recorded.")
        elif body.get("detail") is not None:
            gone += 1
        seq, previous = link.seq, link.hash
    return Verdict(count, seq, previous, gone, tuple(faults))


def head() -> tuple[int, str]:
    """Number and hash of the newest entry: the figure to keep outside the database."""
    return AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)


def _parsed(body: str) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
