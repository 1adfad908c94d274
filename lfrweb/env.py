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

PORTS = range(1, 65536)
WORKERS = range(1, 1025)
PROXIES = range(17)
DEEPFACE_BACKENDS = ("onnx", "tensorflow")
SWITCHES = {"1": True, "0": False, "yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}


def database_url() -> str:
    """Where web and workers connect."""
    return env.str("DATABASE_URL", default="") or STATE.database_url(APP_ROLE)


def owner_url() -> str:
    """Where migrations connect: the role that owns the tables."""
    if EMBEDDED.postgres:
        return STATE.database_url(OWNER_ROLE)
    return env.str("DATABASE_OWNER_URL", default="") or database_url()


def database(url: str, *, variable: str = "DATABASE_URL") -> dict[str, object]:
    """`url`, which `variable` gives, as an entry of Django's DATABASES."""
    if _scheme(url, variable) not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{variable} must start with postgresql://: PostgreSQL is the only database.")
    entry = environ.Env.db_url_config(url)
    # A socket folder stands percent-encoded where a host name would.
    entry["HOST"] = unquote(str(entry["HOST"]))
    # A pool, because the sockets' short database calls would otherwise connect anew each time.
    entry["OPTIONS"] = entry.get("OPTIONS", {}) | {"pool": {"min_size": 1, "max_size": 16, "timeout": 10}}
    return entry


def redis_url() -> str:
    """Redis as redis-py and channels_redis write it: `redis://`, `rediss://` or `unix://`."""
    url = env.str("REDIS_URL", default="") or STATE.redis_url
    if _scheme(url, "REDIS_URL") not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://.")
    return url


def celery_broker_url(url: str) -> str:
    """`url` as Celery writes it: `unix://path?db=1` is `redis+socket://path?virtual_host=1` there."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database_number = dict(parse_qsl(parts.query)).get("db", "0")
    return f"redis+socket://{parts.path}?virtual_host={database_number}"


def web_port() -> int | None:
    """The port that is asked for; None where any free one will do."""
    return _number("LFR_PORT", allowed=PORTS)


def worker_count() -> int:
    """Processes that work on frames: one for each core this process may use, unless LFR_WORKERS says otherwise."""
    return _number("LFR_WORKERS", allowed=WORKERS) or len(os.sched_getaffinity(0))


def demo_is_wanted() -> bool:
    """The demo belongs to the checkout's own database; in any other only where it is asked for by name."""
    return _switch("LFR_DEMO", default=EMBEDDED.postgres)


def debug_pages_are_wanted() -> bool:
    return _switch("LFR_DEBUG", default=False)


def is_behind_tls() -> bool:
    return _switch("LFR_BEHIND_TLS", default=False)


def persistent_redis_is_accepted() -> bool:
    return _switch("LFR_ACCEPT_PERSISTENT_REDIS", default=False)


def trusted_proxies() -> int:
    """How many proxies stand before the web process and add to X-Forwarded-For."""
    return _number("LFR_PROXIES", allowed=PROXIES) or 0


def deepface_backend() -> str:
    name = env.str("LFR_DEEPFACE_BACKEND", default="") or DEEPFACE_BACKENDS[0]
    if name not in DEEPFACE_BACKENDS:
        raise _unfit("LFR_DEEPFACE_BACKEND", " or ".join(DEEPFACE_BACKENDS))
    return name


def require_sound() -> None:
    """Raises ImproperlyConfigured with a sentence where a value in the environment cannot serve."""
    database(database_url())
    database(owner_url(), variable="DATABASE_OWNER_URL")
    for read in (redis_url, web_port, worker_count, trusted_proxies, deepface_backend):
        read()
    for switch in (demo_is_wanted, debug_pages_are_wanted, is_behind_tls, persistent_redis_is_accepted):
        switch()


def _scheme(url: str, variable: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port  # asked for, because only then is it read
    except ValueError:
        # The error's own words may hold a part of the password.
        sentence = f"{variable} cannot be read: write special characters in a name or password as % and two digits."
        raise ImproperlyConfigured(sentence) from None
    return parts.scheme


def _number(variable: str, *, allowed: range) -> int | None:
    text = env.str(variable, default="")
    if not text:
        return None
    if not (text.isdecimal() and int(text) in allowed):
        raise _unfit(variable, f"a whole number from {allowed[0]} to {allowed[-1]}")
    return int(text)


def _switch(variable: str, *, default: bool) -> bool:
    text = env.str(variable, default="").lower()
    if text and text not in SWITCHES:
        raise _unfit(variable, f"one of {', '.join(SWITCHES)}")
    return SWITCHES.get(text, default)


def _unfit(variable: str, allowed: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{variable} is {os.environ[variable]!r}, and has to be {allowed}.")
