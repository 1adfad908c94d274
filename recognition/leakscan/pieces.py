"""What is looked at: some bytes, and where they were."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    COLUMN = "column"  # a cell of a database table
    KEY = "key"  # a value, or a member of one, in Redis
    COMMAND = "command"  # an argument of a command sent to Redis: task messages and publications among them
    FILE = "file"
    LINE = "line"  # of a log


@dataclass(frozen=True, slots=True)
class Piece:
    """`place` names the sort of thing, to be explained once for all of its sort; `where` names the one thing."""

    kind: Kind
    place: str  # "watchlist_alert.probe", "lfr:frame:*", "SET lfr:tracks:*", "logs/web.log"
    where: str  # primary key, key, number of the line
    data: bytes

    @property
    def digest(self) -> bytes:
        text = f"{self.kind}\n{self.place}\n{self.where}\n".encode()
        return hashlib.sha256(text + self.data).digest()


def appeared(before: Iterable[Piece], after: Iterable[Piece]) -> list[Piece]:
    """What is there now and was not before, or was another."""
    known = {piece.digest for piece in before}
    return [piece for piece in after if piece.digest not in known]
