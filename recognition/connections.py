"""How does a process reach Redis? One pool for its threads, one for each event loop; both find the same keys."""

import asyncio
from functools import lru_cache
from weakref import WeakKeyDictionary

import redis
import redis.asyncio

from recognition.conf import conf

_PREFIX = "lfr"
_TIMEOUT = 5.0  # seconds; a Redis on the same machine answers within milliseconds or is not there

_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()


def key(kind: str, *parts: object) -> str:
    """The name of a key: `lfr:frame:<camera>`."""
    return ":".join([_PREFIX, kind, *map(str, parts)])


def blocking() -> redis.Redis:
    """For workers and commands. Safe across threads and forks: redis-py opens new connections in a new process."""
    return _blocking(conf().redis_url)


@lru_cache(maxsize=4)
def _blocking(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=_TIMEOUT)


def waiting() -> redis.asyncio.Redis:
    """For consumers. Connections belong to the event loop that opened them."""
    loop = asyncio.get_running_loop()
    if loop not in _by_loop:
        _by_loop[loop] = redis.asyncio.Redis.from_url(conf().redis_url, socket_timeout=_TIMEOUT)
    return _by_loop[loop]
