"""A template of the default pack: what it holds, and in which proportion."""

import numpy as np
import pytest

from recognition.packs.dlib_recogniser import POOLED_WEIGHT
from recognition.packs.dlib_resnet import EMBEDDING, POOLED
from recognition.pipeline.align import align
from recognition.pipeline.embed import unit
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image


@pytest.fixture(scope="module")
def chips(engine: Engine, portraits: dict[str, Image]) -> np.ndarray:
    return np.stack([align(image, engine.detector.detect(image, 40)[0].landmarks) for image in portraits.values()])


def test_it_begins_with_dlibs_embedding_and_the_rest_is_twice_as_long(engine: Engine, chips: np.ndarray) -> None:
    templates, embeddings = engine.recogniser.describe(chips), engine.recogniser.embed(chips)
    assert templates.shape == (len(chips), engine.recogniser.dimension) == (len(chips), EMBEDDING + POOLED)
    assert embeddings.shape == (len(chips), engine.recogniser.outputs)
    first, rest = templates[:, :EMBEDDING], templates[:, EMBEDDING:]
    assert unit(first) == pytest.approx(unit(embeddings), abs=1e-5)
    lengths = np.linalg.norm(rest, axis=1) / np.linalg.norm(first, axis=1)
    assert lengths == pytest.approx(np.full(len(chips), POOLED_WEIGHT), rel=1e-4)
    assert np.linalg.norm(templates, axis=1) == pytest.approx(np.ones(len(chips)), abs=1e-5)


def test_two_people_are_told_apart_and_one_is_the_same_in_any_batch(engine: Engine, chips: np.ndarray) -> None:
    one, other = engine.recogniser.describe(chips)
    assert one @ other < 0.975
    assert engine.recogniser.describe(chips[:1])[0] == pytest.approx(one, abs=1e-6)


def test_no_chips_give_no_templates(engine: Engine) -> None:
    assert engine.recogniser.describe(np.zeros((0, 150, 150, 3), np.uint8)).shape == (0, engine.recogniser.dimension)
