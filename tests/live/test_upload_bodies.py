"""A body stays in the web process' memory while it arrives; what is too long is refused before it is read."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lfrweb.embedded.programs import HOST
from tests.live.stack import WEB, Stack

MEGABYTE = 1024 * 1024


@contextmanager
def posting(stack: Stack, header: str) -> Iterator[socket.socket]:
    lines = ["POST /login/ HTTP/1.1", f"Host: {HOST}:{stack.port}", header, "", ""]
    with socket.create_connection((HOST, stack.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        yield connection


def files_open_in(process: int) -> list[str]:
    folder = Path(f"/proc/{process}/fd")
    return [os.readlink(entry) for entry in folder.iterdir() if entry.is_symlink()]


def test_a_body_is_never_in_a_file(running):
    with posting(running, f"Content-Length: {5 * MEGABYTE}") as connection:
        connection.sendall(b"x" * (5 * MEGABYTE - 1))
        # The last byte is missing still: the body is where it is kept until it is whole.
        open_files = [name for name in files_open_in(running.running[WEB].pid) if name.startswith("/")]
        assert open_files, "The process' open files could not be read."
        assert [name for name in open_files if "deleted" in name or name.startswith(str(running.temp))] == []
        connection.sendall(b"x")
        assert connection.recv(12).startswith(b"HTTP/1.1 4")


def test_whoever_sends_too_much_is_shown_what_to_do(running):
    """As a browser does it: everything is sent before the answer is read, and a reset would hide the answer."""
    length = 65 * MEGABYTE
    with posting(running, f"Content-Length: {length}") as connection:
        for _ in range(length // MEGABYTE):
            connection.sendall(b"x" * MEGABYTE)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, page = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert f"Content-Length: {len(page)}".encode() in head
    assert b"Send at most 64 MB at a time: go back" in page


@pytest.mark.parametrize(
    ("header", "status"),
    [(f"Content-Length: {65 * MEGABYTE}", b"413"), ("Transfer-Encoding: chunked", b"411")],
)
def test_a_body_too_long_or_of_unknown_length_is_refused_unread(running, header, status):
    with posting(running, header) as connection:
        assert connection.recv(12) == b"HTTP/1.1 " + status
