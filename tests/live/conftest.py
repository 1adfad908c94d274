"""The running product for the tests of this folder, started once, and people whose work is committed for it to see."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from lfrweb.embedded.paths import StateFolder
from tests.live.stack import Stack, running_stack

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture(scope="package")
def running(services: StateFolder, django_db_setup: None) -> Iterator[Stack]:
    from django.db import connections

    with running_stack(services, database=str(connections["default"].settings_dict["NAME"])) as stack:
        yield stack


@pytest.fixture
def stack(running: Stack, committed_db: None) -> Stack:
    """The product with an empty database, healthy whatever the test before did to it."""
    running.wait_until_healthy()
    return running


@pytest.fixture
def people(stack: Stack) -> "Cast":
    from tests.cast import make_cast

    return make_cast()
