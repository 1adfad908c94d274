"""Has the record been bent? Walks a chain of entries, stored or exported, and names every fault."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from watchlist.chain import GENESIS, detail_hash, link_hash

DECODER = json.JSONDecoder()

DETAILS_DESTROYED = "audit.details_destroyed"  # the action of the entries that say which details went, and why


class Copies(NamedTuple):
    """What an entry's columns for searching say; an export has none."""

    at: str
    action: str
    actor: str
    deployment: str | None


class Link(NamedTuple):
    """One entry as it was stored or exported, and what is left of its detail."""

    seq: int
    previous: str
    hash: str
    body: str
    salt: bytes | None = None
    detail: str | None = None
    copies: Copies | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the record should not show, at the entry `seq`.

    order, missing: the numbers do not run on. broken: the entry does not continue the one before it. changed: it is not
    what was hashed. moved: it was written under another number. copies: its columns for searching say something else.
    detail: its detail is not what was recorded. detail_missing: its detail is gone and no entry says by which rule.
    unreadable: it destroyed details without saying which and why. anchor: it is not the entry that was noted elsewhere.
    cut_off: an entry that was noted elsewhere is not there.
    """

    seq: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    entries: int
    head_seq: int
    head_hash: str
    destroyed: Mapping[str, int]  # details destroyed, by the rule that said so: no fault
    faults: tuple[Fault, ...]  # the first ones
    fault_count: int  # all of them

    @property
    def sound(self) -> bool:
        return self.fault_count == 0


def verify(chain: Iterable[Link], *, anchors: Mapping[int, str] | None = None, most: int = 50) -> Verdict:
    """Walks a chain from its start; holds on to at most `most` faults and counts the rest.

    `anchors` are numbers and hashes of entries that were noted outside the database: without one, a tail that was cut
    off leaves a shorter chain that is sound in itself, and so does a chain that was written anew from the start.
    """
    walk = _Walk(dict(anchors or {}), most)
    for link in chain:
        walk.take(link)
    return walk.verdict()


def exported_links(lines: Iterable[str]) -> Iterator[Link]:
    """The chain as it was exported. Raises ValueError naming a line that is not of that form."""
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            detail = row.get("detail")
            salt, text = (bytes.fromhex(detail["salt"]), str(detail["text"])) if detail else (None, None)
            yield Link(int(row["seq"]), str(row["previous"]), str(row["hash"]), str(row["body"]), salt, text)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"Line {number} is not an entry of an exported record: {error}") from error


def exported_line(link: Link) -> str:
    """Everything that verification without the database needs, as one line of JSON."""
    row: dict[str, Any] = {"seq": link.seq, "previous": link.previous, "hash": link.hash, "body": link.body}
    if link.salt is not None:
        row["detail"] = {"salt": link.salt.hex(), "text": link.detail}
    return json.dumps(row, ensure_ascii=False) + "\n"


class _Walk:
    def __init__(self, anchors: dict[int, str], most: int) -> None:
        self.anchors, self.most = anchors, most
        self.seq, self.hash, self.entries = 0, GENESIS, 0
        self.gone: set[int] = set()
        self.destroyed: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.fault_count = 0

    def take(self, link: Link) -> None:
        seq = link.seq
        self.entries += 1
        if seq != self.seq + 1:
            self.fault(seq, "missing" if seq > self.seq + 1 else "order", f"Entry {seq} follows entry {self.seq}.")
        if link.previous != self.hash:
            self.fault(seq, "broken", f"Entry {seq} does not continue the entry before it.")
        if link_hash(link.previous, link.body) != link.hash:
            self.fault(seq, "changed", f"Entry {seq} is not what was hashed when it was written.")
        if self.anchors and self.anchors.pop(seq, link.hash) != link.hash:
            self.fault(seq, "anchor", f"Entry {seq} is not the entry {seq} that was noted elsewhere.")
        self.look_inside(link)
        self.seq, self.hash = seq, link.hash

    def look_inside(self, link: Link) -> None:
        seq, body = link.seq, _parsed(link.body)
        if body.get("seq") != seq:
            self.fault(seq, "moved", f"Entry {seq} was written as entry {body.get('seq')}.")
        if link.copies is not None and link.copies != tuple(map(body.get, Copies._fields)):
            self.fault(seq, "copies", f"The columns for searching of entry {seq} differ from what was hashed.")
        if link.salt is not None and link.detail is not None:
            if detail_hash(link.salt, link.detail) != body.get("detail"):
                self.fault(seq, "detail", f"The detail of entry {seq} is not what was recorded.")
        elif body.get("detail") is not None:
            self.gone.add(seq)
        if body.get("action") == DETAILS_DESTROYED:
            self.forgive(seq, body.get("facts"))

    def forgive(self, by: int, facts: Any) -> None:
        """Details that an entry says were destroyed under a rule: of earlier entries only."""
        try:
            for first, last in facts["entries"]:
                for seq in range(int(first), min(int(last), by - 1) + 1):
                    if seq in self.gone:
                        self.gone.remove(seq)
                        self.destroyed[str(facts["rule"])] += 1
        except (KeyError, TypeError, ValueError):
            self.fault(by, "unreadable", f"Entry {by} does not say which details were destroyed under which rule.")

    def fault(self, seq: int, code: str, message: str) -> None:
        self.fault_count += 1
        if len(self.faults) < self.most:
            self.faults.append(Fault(seq, code, message))

    def verdict(self) -> Verdict:
        for seq in sorted(self.gone):
            self.fault(seq, "detail_missing", f"The detail of entry {seq} is gone, and no entry says by which rule.")
        for seq in sorted(self.anchors):
            self.fault(seq, "cut_off", f"Entry {seq}, which was noted elsewhere, is not in this record.")
        faults = tuple(sorted(self.faults, key=lambda fault: fault.seq))
        return Verdict(self.entries, self.seq, self.hash, dict(self.destroyed), faults, self.fault_count)


def _parsed(body: str) -> dict[str, Any]:
    try:
        value, end = DECODER.raw_decode(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) and end == len(body) else {}
