"""Every key of a Redis server, with how long it has to live."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import redis

from recognition.leakscan.pieces import Kind, Piece

NO_EXPIRY = -1  # as PTTL says it
_NAMED_AFTER_ONE_THING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27,}|[0-9a-f]{16,}|(?<=[.!])(?=\w*\d)\w{12,}|\d{3,}")

_MEMBERS: dict[Any, Callable[[Any, Any], list[Any]]] = {
    b"string": lambda client, key: [client.get(key)],
    b"hash": lambda client, key: [part for pair in client.hgetall(key).items() for part in pair],
    b"list": lambda client, key: client.lrange(key, 0, -1),
    b"set": lambda client, key: list(client.smembers(key)),
    b"zset": lambda client, key: client.zrange(key, 0, -1),
    b"stream": lambda client, key: [part for _, pairs in client.xrange(key) for part in (*pairs, *pairs.values())],
}


@dataclass(frozen=True, slots=True)
class Life:
    """How long a key has left."""

    place: str
    milliseconds: int


def keys(client: redis.Redis) -> Iterator[Piece]:
    """What every key holds, member by member. A key that expires meanwhile is left out, as it is gone."""
    for name in _names(client):
        members = _MEMBERS.get(client.type(name))
        for member in members(client, name) if members else []:
            if member is not None:
                yield Piece(Kind.KEY, key_place(name), name.decode(errors="backslashreplace"), member)


def lives(client: redis.Redis) -> Iterator[Life]:
    for name in _names(client):
        left = int(client.pttl(name))
        if left >= NO_EXPIRY:  # else it has gone
            yield Life(key_place(name), left)


def _names(client: redis.Redis) -> Iterator[bytes]:
    return (name for name in client.scan_iter(count=1000) if isinstance(name, bytes))


def key_place(name: bytes) -> str:
    """The name without what is one camera's, one candidate's or one process' own: `lfr:frame:*`."""
    text = name.decode(errors="backslashreplace")
    return re.sub(r"\*(?:[:.!-]\*)+", "*", _NAMED_AFTER_ONE_THING.sub("*", text))
