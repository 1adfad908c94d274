"""An earlier installation keeps every template, sealed for its new place, and every warning under its new name."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest

from lfrweb.embedded.paths import CHECKOUT, OWNER_ROLE, StateFolder

DATABASE = "earlier_installation"
SCRIPT = "tests.processes.earlier_installation"


@pytest.fixture
def empty_database(services: StateFolder) -> Iterator[str]:
    """Its address, for the owner of the tables."""
    folder = str(services.postgres_sockets)
    with psycopg.connect(host=folder, user=OWNER_ROLE, dbname="postgres", autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {DATABASE}")
        yield f"postgresql://{OWNER_ROLE}@{quote(folder, safe='')}/{DATABASE}"
        owner.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def test_an_earlier_installation_is_migrated_whole(services: StateFolder, empty_database: str):
    environment = {
        "DATABASE_URL": empty_database,
        "DATABASE_OWNER_URL": empty_database,
        "REDIS_URL": services.redis_url,
    }
    run = subprocess.run(
        [sys.executable, "-m", SCRIPT],
        cwd=CHECKOUT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == {
        "references": 4,
        "templates": [["dlib-1", "made"]],
        "of the enrolled one": 1,
        "warnings": [["alike", "two_people", "Brothers."], ["file", "", ""]],
        "opens": [True],
    }
