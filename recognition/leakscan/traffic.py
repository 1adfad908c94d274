"""Everything that is sent to a Redis server while a block runs: no key is too short-lived to be seen here."""

import re
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import redis

from recognition.leakscan.pieces import Kind, Piece
from recognition.leakscan.redis import key_place

_ARGUMENT = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(rb"\\(x[0-9a-f]{2}|.)", re.DOTALL)
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}
_SCRIPTS = {"EVAL", "EVALSHA"}
LONGEST_PLACE = 120


class Traffic:
    """A thread that listens to MONITOR. Holds everything in memory: for minutes, not for days."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self._lines: list[bytes] = []
        self._listening = threading.Event()
        self._done = f"leakscan ends {id(self)}".encode()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait(5)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.echo(self._done)  # type: ignore[arg-type]  # seen by the listener after all that came before it
        self._thread.join(30)

    def pieces(self) -> Iterator[Piece]:
        """One for each argument of each command, in the place of the key it is about (of a script, its first key)."""
        for line in self._lines:
            raw_name, *arguments = [_plain(argument) for argument in _ARGUMENT.findall(line)]
            name = raw_name.decode(errors="replace").upper()
            about = next(iter(arguments[2:] if name in _SCRIPTS else arguments), b"")
            place = f"{name} {key_place(about)}".strip()[:LONGEST_PLACE]
            for argument in arguments:
                yield Piece(Kind.COMMAND, place, about.decode(errors="backslashreplace"), argument)

    def _listen(self) -> None:
        connection = self._client.connection_pool.get_connection()
        connection.connect()
        try:
            connection.send_command("MONITOR")
            connection.read_response()
            self._listening.set()
            while self._done not in (line := connection.read_response(timeout=None)):
                self._lines.append(line)
        finally:
            connection.disconnect()  # a connection that has monitored does nothing else
            self._client.connection_pool.release(connection)


def _plain(argument: bytes) -> bytes:
    """What was sent, without the escapes it is shown with."""
    return _ESCAPE.sub(lambda found: _unescaped(found[1]), argument)


def _unescaped(escape: bytes) -> bytes:
    if len(escape) == 3:
        return bytes([int(escape[1:], 16)])
    return _CONTROL.get(escape, escape)
