"""How does a file come over the network: with what came before a break kept, and nothing taken for whole that is not.

What has come lies in a `.part` file; beside it stands which address it came from and how the server named that edition
of the file. The next attempt asks for the rest of the same edition, and starts anew where the server has another or
cannot continue.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import requests

from .errors import CannotFetch

TIMEOUT = (20, 60)  # seconds: to connect; between two pieces
PIECE = 1 << 16  # bytes; the last, unfinished one of a broken connection is lost
LARGEST = 2 << 30  # bytes; no weight file comes near it, and a server that never stops must not fill the disk

Progress = Callable[[int, int | None], None]  # bytes that are there, bytes there will be


@dataclass(frozen=True, slots=True)
class _Edition:
    """What a part belongs to."""

    url: str
    validator: str  # the server's ETag or date of the file; empty where it gives none


def silent(done: int, total: int | None) -> None:
    """The progress nobody watches."""


def fetch(url: str, part: Path, *, progress: Progress = silent) -> None:
    """The whole of `url` into `part`, going on from what an earlier attempt left. CannotFetch where it was not had."""
    name = url.rpartition("/")[2]
    try:
        _continue(url, part, progress)
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "an error"
        raise CannotFetch(f"{name}: {url} answered {status}.") from error
    except requests.RequestException as error:
        why = type(error).__name__
        if not _size(part):
            raise CannotFetch(f"{name}: nothing came from {url} ({why}).") from error
        raise CannotFetch(
            f"{name}: the download from {url} broke off after {_size(part):,} bytes ({why}); "
            "the next attempt continues it."
        ) from error


def discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _edition_path(part).unlink(missing_ok=True)


def _continue(url: str, part: Path, progress: Progress) -> None:
    had = _resumable(url, part)
    headers = {"Accept-Encoding": "identity"}
    if had:
        headers |= {"Range": f"bytes={_size(part)}-", "If-Range": had.validator}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        if had and response.status_code == requests.codes.requested_range_not_satisfiable:
            if response.headers.get("Content-Range") == f"bytes */{_size(part)}":
                return  # it broke off after the last byte
            discard(part)
            raise requests.ConnectionError(f"{url} is shorter than what came of it before")
        response.raise_for_status()
        start = _size(part) if had and _continues_at(response, _size(part)) else 0
        length = response.headers.get("Content-Length", "")
        total = start + int(length) if length.isdecimal() else None
        _edition_path(part).write_text(json.dumps(asdict(_Edition(url, _validator(response)))))
        _take(response, part, start, total, progress)


def _take(response: requests.Response, part: Path, start: int, total: int | None, progress: Progress) -> None:
    done = start
    with part.open("ab" if start else "wb") as file:
        progress(done, total)
        for piece in response.iter_content(PIECE):
            file.write(piece)
            done += len(piece)
            if done > LARGEST:
                raise CannotFetch(f"{response.url} sends more than {LARGEST:,} bytes, which no weight file has.")
            progress(done, total)
    if total is not None and done != total:
        raise requests.ConnectionError(f"{done} of {total} bytes")


def _resumable(url: str, part: Path) -> _Edition | None:
    """The edition that `part` is the beginning of, where it can be asked for again."""
    try:
        had = _Edition(**json.loads(_edition_path(part).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return had if had.url == url and had.validator and _size(part) else None


def _continues_at(response: requests.Response, start: int) -> bool:
    wanted = f"bytes {start}-"
    return response.status_code == requests.codes.partial and response.headers.get("Content-Range", "").startswith(
        wanted
    )


def _validator(response: requests.Response) -> str:
    etag = response.headers.get("ETag", "")
    # A weak ETag may stand for other bytes, so that no server continues by it.
    return etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _edition_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")
