import shutil
from collections.abc import Iterator

import pytest

from lfrweb.embedded.paths import StateFolder
from lfrweb.embedded.processes import end_leftovers
from tests.processes.checkout import Checkout, copied_checkout


@pytest.fixture
def state(services: StateFolder) -> Iterator[StateFolder]:
    """An empty state folder, beside the tests' own and as reachable."""
    root = services.root / "another"
    yield StateFolder(root)
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def checkout(services: StateFolder) -> Iterator[Checkout]:
    # Inside the tests' own folder, which PostgreSQL's account can reach; pytest's temp folders are closed to it.
    copy = copied_checkout(services.root / "checkout")
    yield copy
    end_leftovers(copy.state)
