"""Everything that a run of the product leaves and passes on, gathered for the scan."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from lfrweb.embedded.paths import CHECKOUT, OWNER_ROLE, SHARED_MEMORY
from recognition.leakscan import database, files
from recognition.leakscan import redis as redis_place
from recognition.leakscan.files import Look
from recognition.leakscan.pieces import Piece, appeared
from recognition.leakscan.sealed import opened
from recognition.leakscan.traffic import Traffic
from tests.live.stack import Stack

# What other programs keep in the checkout and in shared memory; PostgreSQL's own files are read page by page instead.
NOT_ENTERED = ("postgres", ".git", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache")
# What is made from packages, and drawn, not seen: the packs' networks and the sample footage.
CACHE = CHECKOUT / "var" / "cache"
NETWORKS = (".onnx", ".json")
POLL_SECONDS = 0.02
SEALED_KEYS = "lfr:candidate:"


@dataclass
class Evidence:
    """`passed` went through Redis while the run lasted; `left` is what there is afterwards and was not before."""

    passed: list[Piece] = field(default_factory=list)
    left: list[Piece] = field(default_factory=list)
    longest_life: dict[str, int] = field(default_factory=dict)  # milliseconds, by sort of key; -1 for ever

    @property
    def opened(self) -> list[Piece]:
        return [piece for piece in (*self.passed, *self.left) if piece.place.endswith("(opened)")]


@contextmanager
def gathered(stack: Stack) -> Iterator[Evidence]:
    """Filled in when the block has ended. The block waits until all keys with a life of seconds are gone."""
    evidence = Evidence()
    folders = [CHECKOUT, stack.home, stack.temp, *([SHARED_MEMORY] if SHARED_MEMORY.is_dir() else [])]
    with closing(_owner(stack)) as owner, redis.Redis.from_url(stack.state.redis_url) as client:
        cells, look = list(database.cells(owner)), Look.at(folders, without=NOT_ENTERED)
        keys = list(redis_place.keys(client))
        ends = {log: log.stat().st_size for log in _logs(stack)}
        with _lives(client, evidence.longest_life), Traffic(client) as traffic:
            yield evidence
        evidence.passed = _with_opened(list(traffic.pieces()))
        changed = [path for path in changed_since(look, folders) if path not in _logs(stack)]
        evidence.left = [
            *_with_opened(appeared(cells, database.cells(owner))),
            *_with_opened(appeared(keys, redis_place.keys(client))),
            *files.contents(changed, relative_to=CHECKOUT),
            *(line for log in _logs(stack) for line in files.lines(log, start=ends.get(log, 0))),
        ]


def changed_since(look: Look, folders: list[Path]) -> list[Path]:
    """Files that whatever ran may have written, libraries included."""
    changed = Look.at(folders, without=NOT_ENTERED).changed_since(look)
    return [path for path in changed if not _is_made_by_us(path)]


def _is_made_by_us(path: Path) -> bool:
    is_network = path.parent == CACHE / "packs" and path.suffix in NETWORKS
    return is_network or path.is_relative_to(CACHE / "footage")


@contextmanager
def _lives(client: redis.Redis, longest: dict[str, int]) -> Iterator[None]:
    """Looks at all keys again and again, and notes the longest life of each sort."""
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for life in redis_place.lives(client):
                kept_for_ever = redis_place.NO_EXPIRY in (life.milliseconds, longest.get(life.place))
                longest[life.place] = (
                    redis_place.NO_EXPIRY if kept_for_ever else max(life.milliseconds, longest.get(life.place, 0))
                )
            time.sleep(POLL_SECONDS)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _with_opened(pieces: list[Piece]) -> list[Piece]:
    return [*pieces, *opened(pieces)]


def _owner(stack: Stack) -> psycopg.Connection:
    return psycopg.connect(
        host=str(stack.state.postgres_sockets), user=OWNER_ROLE, dbname=stack.database, autocommit=True
    )


def _logs(stack: Stack) -> list[Path]:
    return sorted(stack.state.logs.glob("*.log*"))
