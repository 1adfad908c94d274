"""The arithmetic of the record's hash chain: canonical text, links, salted details."""

import hashlib
import json
from typing import Any

GENESIS = "0" * 64  # what the first entry follows


def canonical(value: dict[str, Any]) -> str:
    """The one text of a value: sorted keys, no spaces, UUIDs and times as text.

    The text itself is stored and hashed: a database's JSON type would write numbers its own way.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def link_hash(previous: str, body: str) -> str:
    """Hex SHA-256 of the previous link's hash, a line feed and the body."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def detail_hash(salt: bytes, text: str) -> str:
    """Hex SHA-256 of salt and text: without the salt, a short text could be guessed."""
    return hashlib.sha256(salt + text.encode()).hexdigest()
