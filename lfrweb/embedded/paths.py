"""Where do the servers of one state folder keep their data and sockets? Computes, creates nothing."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  a folder of mode 700 is made in it

OWNER_ROLE = "lfrweb_owner"
APP_ROLE = "lfrweb_app"
DATABASE = "lfrweb"

# The kernel takes 107 bytes, Redis cuts a longer path without a word, and PostgreSQL and supervisor append to theirs.
LONGEST_SOCKET_PATH = 100
POSTGRES_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Wanted:
    """Which servers a checkout runs itself; the others are named by DATABASE_URL and REDIS_URL."""

    postgres: bool = True
    redis: bool = True


@dataclass(frozen=True)
class StateFolder:
    """The folder that holds everything one set of servers writes: `var/run` for `./run`, `var/test` for `./test`."""

    root: Path

    @property
    def digest(self) -> str:
        """A short name for this folder that is the same in every process."""
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]

    @property
    def postgres(self) -> Path:
        """Owned by the account that PostgreSQL runs as, mode 700."""
        return self.root / "postgres"

    @property
    def postgres_data(self) -> Path:
        return self.postgres / "data"

    @property
    def postgres_sockets(self) -> Path:
        return self._private("postgres") if self.needs_short_sockets else self.postgres

    @property
    def sockets(self) -> Path:
        """The sockets of Redis and of the supervisor, mode 700."""
        return self._private("sockets") if self.needs_short_sockets else self.root / "sockets"

    @property
    def needs_short_sockets(self) -> bool:
        longest = self.postgres / POSTGRES_SOCKET
        return len(os.fsencode(longest)) > LONGEST_SOCKET_PATH

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    @property
    def notices(self) -> Path:
        """What the preparation of the latest start has to tell whoever started it."""
        return self.root / "notices.txt"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def supervisor_socket(self) -> Path:
        return self.sockets / "supervisor.sock"

    @property
    def shared_memory(self) -> Path | None:
        """The folder for memory that the workers of this machine share, or None where there is no `/dev/shm`."""
        return SHARED_MEMORY / f"lfrweb-{os.getuid()}-{self.digest}" if SHARED_MEMORY.is_dir() else None

    def database_url(self, role: str) -> str:
        return f"postgresql://{role}@{quote(str(self.postgres_sockets), safe='')}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.redis_socket}"

    def _private(self, purpose: str) -> Path:
        return Path(tempfile.gettempdir()) / f"lfrweb-{os.getuid()}-{self.digest}-{purpose}"
