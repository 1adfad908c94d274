"""The real engine and the two public-domain photographs; nothing here needs Django or a server."""

import numpy as np
import pytest

from recognition.footage.people import COLLINS, HOPPER
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.picture import read_picture
from recognition.pipeline.types import Image


@pytest.fixture(scope="session")
def engine() -> Engine:
    return load(DEFAULT_PACK, DEFAULT_CACHE)


@pytest.fixture(scope="session")
def collins() -> bytes:
    return COLLINS.path().read_bytes()


@pytest.fixture(scope="session")
def hopper() -> bytes:
    return HOPPER.path().read_bytes()


@pytest.fixture
def collins_pixels(collins: bytes) -> Image:
    return read_picture(collins)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
