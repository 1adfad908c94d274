"""The recogniser gives what dlib's own code gives on the same chips."""

from pathlib import Path

import dlib
import numpy as np
import pytest

from recognition.packs.install import source_bytes
from recognition.packs.registry import find
from recognition.pipeline.align import align
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image
from tests.packs.conftest import read

MOST_DIFFERENT = 1e-4


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> dlib.face_recognition_model_v1:
    file = tmp_path_factory.mktemp("dlib") / "network.dat"
    file.write_bytes(source_bytes(find("dlib").recognises.sources[0]))
    return dlib.face_recognition_model_v1(str(file))


def chips(engine: Engine, images: list[Image]) -> np.ndarray:
    found = [align(image, face.landmarks) for image in images for face in engine.detector.detect(image, 40)]
    return np.stack([*found, *(chip[:, ::-1] for chip in found)])


def largest_difference(engine: Engine, original: dlib.face_recognition_model_v1, faces: np.ndarray) -> float:
    expected = np.array([original.compute_face_descriptor(np.ascontiguousarray(chip)) for chip in faces])
    alone = np.concatenate([engine.recogniser.embed(chip[None]) for chip in faces])
    together = engine.recogniser.embed(faces)
    return float(max(np.abs(alone - expected).max(), np.abs(together - expected).max()))


def test_portraits(engine: Engine, original: dlib.face_recognition_model_v1, portraits: dict[str, Image]) -> None:
    faces = chips(engine, list(portraits.values()))
    assert len(faces) == 4  # two people, each also mirrored
    assert largest_difference(engine, original, faces) < MOST_DIFFERENT


def test_lfw(engine: Engine, original: dlib.face_recognition_model_v1, lfw_images: list[Path]) -> None:
    faces = chips(engine, [read(path) for path in lfw_images[:20]])
    assert len(faces) >= 40
    assert largest_difference(engine, original, faces) < MOST_DIFFERENT


def test_extremes(engine: Engine, original: dlib.face_recognition_model_v1) -> None:
    random = np.random.default_rng(7)
    faces = np.stack(
        [
            np.zeros((150, 150, 3), np.uint8),
            np.full((150, 150, 3), 255, np.uint8),
            random.integers(0, 256, (150, 150, 3), np.uint8),
        ]
    )
    assert largest_difference(engine, original, faces) < MOST_DIFFERENT


def test_no_chips_no_outputs(engine: Engine) -> None:
    assert engine.recogniser.embed(np.zeros((0, 150, 150, 3), np.uint8)).shape == (0, 128)
