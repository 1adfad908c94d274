"""Servers, database and roles for the tests: real PostgreSQL and Redis of their own, with the application's rights."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from lfrweb.embedded.folders import empty
from lfrweb.embedded.lock import Held, held
from lfrweb.embedded.paths import CHECKOUT, OWNER_ROLE, StateFolder, Wanted
from lfrweb.embedded.postgres import Durability
from lfrweb.embedded.processes import end_leftovers
from lfrweb.embedded.servers import own_servers

if TYPE_CHECKING:
    import redis
    from pytest_django import DjangoDbBlocker

    from tests.cast import Cast

MOST_RUNS_AT_ONCE = 9
FACES_VARIABLE = "LFR_FACES"
# An outside server of the developer's must not meet the tests.
OUTSIDE_SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
TRIES = 5
LONGEST_WAIT_FOR_A_TABLE = "15s"

_until_the_end = ExitStack()
_state: StateFolder


def pytest_configure() -> None:
    """Takes a state folder before Django reads its settings, which compute the servers' addresses from it."""
    global _state
    _state = _until_the_end.enter_context(_free_state())
    end_leftovers(_state)
    empty(_state)
    for name in OUTSIDE_SERVERS:
        os.environ.pop(name, None)
    os.environ["LFR_VAR"] = str(_state.root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lfrweb.settings"
    from django.conf import settings

    assert _state.root == settings.LFR_VAR


def pytest_unconfigure() -> None:
    _until_the_end.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says as the last thing before the totals what was not tested for want of pictures."""
    skipped = [report for report in terminalreporter.getreports("skipped") if FACES_VARIABLE in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} tests were skipped because {FACES_VARIABLE} names no folder.")


@contextmanager
def _free_state() -> Iterator[StateFolder]:
    """`var/test`, or the next number where another test run has it."""
    for number in range(1, MOST_RUNS_AT_ONCE + 1):
        state = StateFolder(CHECKOUT / "var" / ("test" if number == 1 else f"test-{number}"))
        with ExitStack() as stack:
            try:
                stack.enter_context(held(state))
            except Held:
                continue
            yield state
            return
    raise pytest.UsageError(f"{MOST_RUNS_AT_ONCE} test runs are under way in this checkout already.")


@pytest.fixture(scope="session")
def services() -> Iterator[StateFolder]:
    """PostgreSQL and Redis for this test run; the folder they keep everything in."""
    with own_servers(_state, wanted=Wanted(), durability=Durability.THROWN_AWAY):
        yield _state


@pytest.fixture(scope="session")
def django_db_setup(
    services: StateFolder, django_test_environment: None, django_db_blocker: "DjangoDbBlocker"
) -> Iterator[None]:
    """Makes and migrates the database as its owner; from then on tests have the rights of web and workers."""
    from django.db import connections
    from django.test.utils import setup_databases

    from lfrweb.database_roles import as_owner

    with django_db_blocker.unblock():
        with as_owner():
            setup_databases(verbosity=0, interactive=False)
        yield
        # The database goes with its server.
        connections["default"].close()
        connections["default"].close_pool()


@pytest.fixture(scope="session")
def filled_by_migrations(django_db_setup: None, services: StateFolder) -> set[str]:
    """Tables that migrations fill; they keep their rows when a test's are removed."""
    with _owner_connection(services) as connection:
        return {
            table
            for table in _tables(connection)
            if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone()
        }


@pytest.fixture
def committed_db(
    services: StateFolder, filled_by_migrations: set[str], django_db_blocker: "DjangoDbBlocker"
) -> Iterator[None]:
    """The database without a transaction around the test, so that threads and processes see what it writes.

    Takes the place of pytest-django's `transactional_db`, which empties tables with a right the application lacks.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
    _empty(services, keep=filled_by_migrations)


def _empty(services: StateFolder, *, keep: set[str]) -> None:
    """Tried again where a worker and this one wait for each other's tables, of which PostgreSQL ends one."""
    for left in reversed(range(TRIES)):
        try:
            with _owner_connection(services) as connection, connection.transaction():
                _truncate(connection, _tables(connection) - keep)
            return
        except psycopg.errors.DeadlockDetected:
            if not left:
                raise


def _truncate(connection: psycopg.Connection[tuple], tables: set[str]) -> None:
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LONGEST_WAIT_FOR_A_TABLE))
    audit = [table for table in tables if table.startswith("watchlist_audit")]
    for table in audit:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    names = sql.SQL(", ").join(map(sql.Identifier, sorted(tables)))
    connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
    for table in audit:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))


@pytest.fixture
def cast(db: None) -> "Cast":
    """The people of the tests, in a transaction that is undone afterwards."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def redis_client(services: StateFolder) -> "Iterator[redis.Redis]":
    """A client of the tests' Redis, which is emptied afterwards."""
    import redis

    with redis.Redis.from_url(services.redis_url) as client:
        yield client
        client.flushall()


@pytest.fixture
def second_pack(monkeypatch: pytest.MonkeyPatch) -> str:
    """Installed, and offered to deployments, for as long as the test lasts. Its identifier."""
    from tests.second_pack import NAME

    return _installed_as(NAME, monkeypatch)


@pytest.fixture
def uncalibrated_pack(monkeypatch: pytest.MonkeyPatch) -> str:
    """As `second_pack`, and none of the tests stores a calibration for it."""
    return _installed_as("unmeasured", monkeypatch)


def _installed_as(name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    from recognition import offers
    from recognition.packs import registry
    from tests.second_pack import renamed

    monkeypatch.setitem(registry.PACKS, name, renamed(name))
    offers._installed.cache_clear()
    return registry.PACKS[name].identifier


@pytest.fixture(scope="session")
def faces_folder() -> Path:
    """A folder of real people's pictures, one folder per person."""
    folder = os.environ.get(FACES_VARIABLE, "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(f"{FACES_VARIABLE} names no folder of pictures")
    return Path(folder)


def _owner_connection(state: StateFolder) -> psycopg.Connection[tuple]:
    from django.db import connections

    name = str(connections["default"].settings_dict["NAME"])
    return psycopg.connect(host=str(state.postgres_sockets), user=OWNER_ROLE, dbname=name, autocommit=True)


def _tables(connection: psycopg.Connection[tuple]) -> set[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {name for (name,) in rows}
