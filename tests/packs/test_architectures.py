"""DeepFace's own networks, with random weights: what its TensorFlow class says of a chip, the pack says too."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recognition.packs import registry, weights
from recognition.packs.obtain import obtain
from recognition.pipeline.align import align
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image

PROGRAM = Path(__file__).with_name("deepface_architectures.py")
PACKS = ["arcface", "facenet512", "ghostfacenet"]


@pytest.fixture(scope="module")
def face_chips(engine: Engine, portraits: dict[str, Image]) -> dict[str, Image]:
    landmarks = engine.detector.detect(portraits["hopper"], 60)[0].landmarks
    return {name: align(portraits["hopper"], landmarks, registry.find(name).alignment) for name in PACKS}


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("networks")


@pytest.fixture(scope="module")
def deepface(
    networks: Path, face_chips: dict[str, Image], process_environment: dict[str, str]
) -> dict[str, list[float]]:
    np.savez(networks / "chips.npz", **{registry.find(name).recogniser: face_chips[name] for name in PACKS})
    run = subprocess.run(
        [sys.executable, str(PROGRAM), str(networks / "chips.npz"), str(networks)],
        env=process_environment | {"DEEPFACE_HOME": str(networks)}, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", PACKS)
def test_the_pack_installs_and_answers_as_deepface(
    name: str, deepface: dict[str, list[float]], networks: Path, face_chips: dict[str, Image], tmp_path: Path
) -> None:
    part = registry.PARTS[name]
    (file,) = part.files
    stick = tmp_path / "stick"
    stick.mkdir()
    (networks / f"{part.deepface}.onnx").rename(stick / file.name)
    obtain(file, tmp_path, source=stick, trial=part.open)
    assert weights.record_of(file, tmp_path) is not None
    found = registry.load(name, tmp_path).recogniser.embed(face_chips[name][None])[0]
    expected = np.array(deepface[part.deepface])
    assert expected.std() > 1e-3
    np.testing.assert_allclose(found, expected, atol=2e-4 * np.abs(expected).max())
