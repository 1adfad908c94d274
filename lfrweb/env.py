"""What the environment says: folders, server addresses and switches. Reads, starts nothing."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from lfrweb.embedded.paths import APP_ROLE, CHECKOUT, OWNER_ROLE, StateFolder, Wanted

env = environ.Env()

STATE = StateFolder(Path(env.str("LFR_VAR", default=str(CHECKOUT / "var" / "run"))).resolve())

# The servers that this checkout runs itself, for want of an address of another.
EMBEDDED = Wanted(
    postgres=not env.str("DATABASE_URL", default=""),
    redis=not env.str("REDIS_URL", default=""),
)


def database_url() -> str:
    """Where web and workers connect."""
    return env.str("DATABASE_URL", default="") or STATE.database_url(APP_ROLE)


def owner_url() -> str:
    """Where migrations connect: the role that owns the tables."""
    if EMBEDDED.postgres:
        return STATE.database_url(OWNER_ROLE)
    return env.str("DATABASE_OWNER_URL", default="") or database_url()


def database(url: str) -> dict[str, object]:
    """`url` as an entry of Django's DATABASES."""
    entry = environ.Env.db_url_config(url)
    if entry.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://: PostgreSQL is the only database.")
    # A socket folder stands percent-encoded where a host name would.
    entry["HOST"] = unquote(str(entry["HOST"]))
    # A pool, because the sockets' short database calls would otherwise connect anew each time.
    entry["OPTIONS"] = entry.get("OPTIONS", {}) | {"pool": {"min_size": 1, "max_size": 16, "timeout": 10}}
    return entry


def redis_url() -> str:
    """Redis as redis-py and channels_redis write it: `redis://`, `rediss://` or `unix://`."""
    url = env.str("REDIS_URL", default="") or STATE.redis_url
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://.")
    return url


def celery_broker_url(url: str) -> str:
    """`url` as Celery writes it: `unix://path?db=1` is `redis+socket://path?virtual_host=1` there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database_number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={database_number}"


def worker_count() -> int:
    """Processes that work on frames: one for each core this process may use, unless LFR_WORKERS says otherwise."""
    return env.int("LFR_WORKERS", default=0) or len(os.sched_getaffinity(0))


def demo_is_wanted() -> bool:
    """The demo belongs to the checkout's own database; in any other only where it is asked for by name."""
    return env.bool("LFR_DEMO", default=EMBEDDED.postgres)
