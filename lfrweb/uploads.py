"""Keeps what people upload in memory: a reference image must not reach a disk before it is encrypted.

Three places would write a longer body to a temporary file: Twisted above 100 KB, Django's ASGI handler above
FILE_UPLOAD_MAX_MEMORY_SIZE and Django's own upload handler above the same. Each is answered here; what is too long
is refused with status 413 before it is read.
"""

from io import BytesIO
from typing import Any

from daphne import http_protocol
from daphne.http_protocol import WebRequest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler

LENGTH_REQUIRED = b"HTTP/1.1 411 Length Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LONG = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


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

    def gotLength(self, length: int | None) -> None:
        self.content = BytesIO()
        if length is None:
            self._refuse(LENGTH_REQUIRED)
        elif length > settings.LFR_LARGEST_UPLOAD:
            self._refuse(TOO_LONG)

    def _refuse(self, answer: bytes) -> None:
        self.channel.transport.write(answer)
        self.channel.loseConnection()


def keep_request_bodies_in_memory() -> None:
    """Daphne offers no setting for this: its factory looks the class up by name when a connection comes in."""
    http_protocol.WebRequest = MemoryOnlyWebRequest
