"""Keeps what people upload in memory: a reference image must not reach a disk before it is encrypted.

Three places would write a longer body to a temporary file: Twisted above 100 KB, Django's ASGI handler above
FILE_UPLOAD_MAX_MEMORY_SIZE and Django's own upload handler above the same. Each is answered here; what is too long
is refused with status 413 before it is read, and then let pass unkept: a browser shows the answer only once it has sent
everything.
"""

from io import BytesIO
from typing import Any

from daphne import http_protocol
from daphne.http_protocol import WebRequest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler

LENGTH_REQUIRED = b"HTTP/1.1 411 Length Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LONG = """HTTP/1.1 413 Content Too Large\r
Connection: close\r
Content-Security-Policy: default-src 'none'\r
Content-Type: text/html; charset=utf-8\r
Content-Length: {}\r
\r
{}"""
TOO_LONG_PAGE = """<!doctype html>
<html lang="en-GB">
<title>Too much at once</title>
<h1>Too much at once</h1>
<p>Send at most {} MB at a time: go back, and choose fewer files or smaller ones.</p>
"""
LONGEST_LET_PASS = 16  # times the longest body that is kept: whoever sends more is not waited for


class MemoryOnlyUploadHandler(MemoryFileUploadHandler):
    """Takes every file, whatever its size, up to the limit for the request as a whole."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        if content_length > settings.LFR_LARGEST_UPLOAD:
            raise RequestDataTooBig(f"Send at most {settings.LFR_LARGEST_UPLOAD // 1024**2} MB at a time.")
        self.activated = True


class MemoryOnlyWebRequest(WebRequest):
    """Daphne's request with its body in memory."""

    refused = False

    def gotLength(self, length: int | None) -> None:
        self.content = BytesIO()
        longest = settings.LFR_LARGEST_UPLOAD
        if length is None:
            self.channel.transport.write(LENGTH_REQUIRED)
            self.channel.loseConnection()
        elif length > longest:
            self.refused = True
            self.channel.transport.write(_too_long(longest))
            # Who asks first has sent nothing yet, and will not.
            if length > LONGEST_LET_PASS * longest or self.requestHeaders.hasHeader(b"Expect"):
                self.channel.loseConnection()

    def handleContentChunk(self, data: bytes) -> None:
        if not self.refused:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        if self.refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)


def _too_long(longest: int) -> bytes:
    page = TOO_LONG_PAGE.format(longest // 1024**2)
    return TOO_LONG.format(len(page), page).encode()


def keep_request_bodies_in_memory() -> None:
    """Daphne offers no setting for this: its factory looks the class up by name when a connection comes in."""
    http_protocol.WebRequest = MemoryOnlyWebRequest
