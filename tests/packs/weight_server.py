"""A real web server on loopback that serves one file well or badly, as servers do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Behaviour:
    """How the file is served; tests change it between requests."""

    content: bytes
    ranges: bool = True
    etag: str = '"first-edition"'
    cut_after: int | None = None  # bytes of an answer after which the connection is closed
    claims: int | None = None  # a Content-Length that is not true
    status: int = 200
    asked: list[str] = field(default_factory=list)  # the Range of each request, empty where it had none


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """The address that the files are under."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            behaviour.asked.append(wanted)
            if behaviour.status != 200:
                self.send_error(behaviour.status)
                return
            whole, start = len(behaviour.content), 0
            if wanted and behaviour.ranges and self.headers.get("If-Range") == behaviour.etag:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start and start >= whole:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{whole}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = behaviour.content[start:]
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
            self.send_header("Content-Length", str(behaviour.claims or len(body)))
            if behaviour.etag:
                self.send_header("ETag", behaviour.etag)
            self.end_headers()
            self.wfile.write(body[: behaviour.cut_after])
            self.close_connection = True

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
