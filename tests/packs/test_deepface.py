"""Every DeepFace call by the pack's names runs on the pack, on either back end."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.packs.conftest import PORTRAITS

CALLS = Path(__file__).with_name("deepface_calls.py")
PREPARED = Path(__file__).with_name("prepared.py")


@pytest.fixture(scope="module", params=["onnx", "tensorflow", None], ids=lambda name: name or "unset")
def answers(request: pytest.FixtureRequest, pack_cache: Path, process_environment: dict[str, str]) -> dict[str, Any]:
    environment = {key: value for key, value in process_environment.items() if key != "DEEPFACE_BACKEND_ENGINE"}
    if request.param:
        environment["DEEPFACE_BACKEND_ENGINE"] = request.param
    return {"asked": request.param or "onnx"} | _answered(CALLS, str(pack_cache), environment=environment)


def test_the_back_end_is_the_one_asked_for(answers: dict[str, Any]) -> None:
    assert answers["backend"] == answers["asked"]
    assert answers["tensorflow"] == (answers["asked"] == "tensorflow")


def test_deepface_builds_the_packs_models(answers: dict[str, Any]) -> None:
    assert answers["classes"] == ["PackDetector", "PackRecognition"]


def test_faces_are_where_the_detector_sees_them_and_eyes_are_the_persons_own(answers: dict[str, Any]) -> None:
    for area, (box, landmarks) in zip(answers["areas"], answers["detected"], strict=True):
        size = box[2]
        assert np.abs(np.array([area["x"], area["y"], area["w"], area["h"]]) - box).max() < 0.12 * size
        assert np.abs(np.array(area["right_eye"]) - landmarks[0]).max() < 0.06 * size
        assert np.abs(np.array(area["left_eye"]) - landmarks[1]).max() < 0.06 * size
        assert area["left_eye"][0] > area["right_eye"][0]


def test_embeddings_have_the_packs_length_and_differ_by_person(answers: dict[str, Any]) -> None:
    first, second = np.array(answers["embeddings"])
    assert first.shape == second.shape == (128,)
    assert np.linalg.norm(first - second) > 0.4


def test_a_chip_given_to_deepface_is_the_plain_network_on_that_chip(answers: dict[str, Any]) -> None:
    np.testing.assert_allclose(answers["skipped"], answers["raw"], atol=1e-5)


def test_verification_tells_one_person_from_another(answers: dict[str, Any]) -> None:
    assert answers["verified"] == [True, False]
    assert answers["distances"][0] < 0.05 < answers["distances"][1]


def test_a_picture_without_a_face_is_told_apart_from_a_difference(answers: dict[str, Any]) -> None:
    probe, reference = "no-face-in-probe", "no-face-in-reference"
    assert answers["faceless"] == [[False, None, probe], [False, None, reference], [False, None, probe]]


def test_verification_writes_nothing(answers: dict[str, Any]) -> None:
    assert answers["files_written"] == []


@pytest.mark.parametrize("setting", ["onnx", "tensorflow"])
def test_a_worker_verifies_on_the_back_end_of_the_setting(setting: str, process_environment: dict[str, str]) -> None:
    product = {"DJANGO_SETTINGS_MODULE": "lfrweb.settings", "LFR_DEEPFACE_BACKEND": setting}
    assert _answered(PREPARED, environment=process_environment | product) == {
        "backend": setting,
        "tensorflow": setting == "tensorflow",
        "verified": [True, False],
    }


def _answered(program: Path, *arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    """What the program prints in its last line about the two portraits."""
    run = subprocess.run(
        [sys.executable, str(program), *arguments, *map(str, PORTRAITS.values())],
        env=environment, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout.splitlines()[-1])
