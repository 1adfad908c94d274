"""The arithmetic of the record's hash chain: canonical text, links, salted details."""

import datetime as dt
import hashlib
import json
from typing import Any
from uuid import UUID

GENESIS = "0" * 64  # what the first entry follows


def canonical(value: dict[str, Any]) -> str:
    """The one text of a value: sorted keys, no spaces, UUIDs as text, times as ISO 8601.

    The text itself is stored and hashed: a database's JSON type would write numbers its own way. Raises TypeError or
    ValueError for what has no such text, such as bytes, sets and NaN, rather than recording how Python prints it.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_as_text
    )


def link_hash(previous: str, body: str) -> str:
    """Hex SHA-256 of the previous link's hash, a line feed and the body. JSON on one line holds no line feed."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def detail_hash(salt: bytes, text: str) -> str:
    """Hex SHA-256 of the salt in hex, a line feed and the text: without the salt, a short text could be guessed."""
    return hashlib.sha256(f"{salt.hex()}\n{text}".encode()).hexdigest()


def _as_text(value: Any) -> str:
    match value:
        case UUID():
            return str(value)
        case dt.datetime() | dt.date():
            return value.isoformat()
    raise TypeError(f"A {type(value).__name__} has no canonical text: write it as text, a number or a list first.")
