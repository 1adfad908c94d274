"""The running product for the tests of this folder, started once, and people whose work is committed for it to see."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lfrweb.embedded.paths import StateFolder
from tests.live.stack import Stack, running_stack

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.live.browsing import Aside, Visitors


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


@pytest.fixture(scope="package")
def footage() -> Path:
    """The sample footage where the web process serves it from; made once, as the demo does."""
    from recognition.footage.sample import sample

    return sample()


@pytest.fixture
def at_browsers(stack: Stack, footage: Path, tmp_path: Path) -> "Iterator[Visitors]":
    """Whose camera plays the sample footage. To be asked for last: from then on, Django is to be asked `aside`."""
    from recognition.footage import make_mjpeg
    from tests.live.browsing import visitors

    with visitors(stack, make_mjpeg(tmp_path / "camera.mjpeg", footage)) as visiting:
        yield visiting


@pytest.fixture
def aside() -> "Iterator[Aside]":
    from tests.live.browsing import thread_for_django

    with thread_for_django() as aside:
        yield aside
