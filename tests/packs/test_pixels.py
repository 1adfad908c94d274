"""What reaches each network is what DeepFace's own class feeds it: size, colour order, range, faces and their points.

The networks are made by the tests; each recogniser's answer is a part of its own input, so that two equal answers are
two equal inputs.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from deepface.models.facial_recognition.onnx.Buffalo_L import Buffalo_L
from deepface.modules.modeling import AVAILABLE_MODELS

from recognition.packs import registry
from recognition.packs.catalogue import DETECTORS, RECOGNISERS
from recognition.packs.pixels import ColourOrder, PixelInput
from recognition.pipeline.align import align
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image
from tests.packs import made_weights
from tests.packs.made_networks import seen_by

INPUTS = Path(__file__).with_name("deepface_inputs.py")
IN_DEEPFACE = ["arcface", "facenet512", "ghostfacenet", "sface"]  # Buffalo_L needs the package insightface


@pytest.fixture(scope="module")
def face_chips(engine: Engine, portraits: dict[str, Image]) -> dict[str, Image]:
    """By pack: the same face as each recogniser reads it."""
    image = portraits["collins"]
    landmarks = engine.detector.detect(image, 60)[0].landmarks
    return {part.name: align(image, landmarks, part.alignment) for part in RECOGNISERS}


@pytest.fixture(scope="module")
def pictures(portraits: dict[str, Image]) -> dict[str, Image]:
    """Of sizes at which DeepFace and the pack look alike: not reduced for YuNet, not enlarged for RetinaFace."""
    return {
        "yunet": portraits["collins"],
        "retinaface": cv2.resize(portraits["hopper"], (1024, 1210)),
    }


@pytest.fixture(scope="module")
def deepface(
    face_chips: dict[str, Image],
    pictures: dict[str, Image],
    process_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    folder = home / ".deepface" / "weights"
    folder.mkdir(parents=True)
    parts = [registry.PARTS[name] for name in (*IN_DEEPFACE, "yunet", "retinaface")]
    for part in parts:
        (folder / part.files[0].name).write_bytes(made_weights.content(part))
    np.savez(home / "chips.npz", **{registry.PARTS[name].deepface: face_chips[name] for name in IN_DEEPFACE})
    np.savez(home / "pictures.npz", **pictures)
    run = subprocess.run(
        [sys.executable, str(INPUTS), str(home / "chips.npz"), str(home / "pictures.npz")],
        env=process_environment | {"DEEPFACE_HOME": str(home)}, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout.splitlines()[-1])


def test_deepface_ran_its_own_classes_and_no_tensorflow(deepface: dict[str, Any]) -> None:
    assert {name.split(".")[-2] for name in deepface["classes"].values()} == {"onnx"}
    assert not deepface["tensorflow"]


def test_every_model_has_an_edition_that_needs_no_tensorflow() -> None:
    sources = [AVAILABLE_MODELS["facial_recognition"][part.deepface] for part in RECOGNISERS]
    sources += [AVAILABLE_MODELS["face_detector"][part.deepface] for part in DETECTORS]
    assert all("onnx" in editions or "any" in editions for editions in sources)


@pytest.mark.parametrize("name", IN_DEEPFACE)
def test_the_network_is_fed_what_deepface_feeds_it(
    name: str, deepface: dict[str, Any], face_chips: dict[str, Image], made_pack: Callable[[str], Path]
) -> None:
    expected = np.array(deepface["embeddings"][registry.PARTS[name].deepface])
    recogniser = registry.load(name, made_pack(name)).recogniser
    found = recogniser.embed(face_chips[name][None])[0]
    assert len(np.unique(found)) > 30  # a face, not a constant
    if name == "sface":
        # DeepFace cuts off where a byte that went through 0 to 1 falls short of a whole number.
        assert set(np.unique(found - expected)) <= {0.0, 1.0}
        assert (found == expected).mean() > 0.5
    else:
        np.testing.assert_array_equal(found, expected.astype(np.float32))


def test_buffalo_is_fed_what_deepface_and_insightface_feed_it(face_chips: dict[str, Image]) -> None:
    chip = face_chips["buffalo_l"]
    as_deepface_calls_it = (chip[:, :, ::-1] / 255.0).astype(np.float32)
    prepared = Buffalo_L.preprocess(None, as_deepface_calls_it)  # uses nothing of the object
    # InsightFace's ArcFaceONNX.get_feat, for a network without nodes of its own for mean and scale:
    fed = cv2.dnn.blobFromImages(list(prepared), 1 / 127.5, (112, 112), (127.5, 127.5, 127.5), swapRB=True)
    np.testing.assert_allclose(registry.PARTS["buffalo_l"].pixels.of(chip[None]), fed, atol=1e-6)


def test_buffalo_answers_as_deepfaces_own_class(
    face_chips: dict[str, Image], made_pack: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("insightface", reason="DeepFace's Buffalo_L needs insightface, which is no dependency")
    cache, chip = made_pack("buffalo_l"), face_chips["buffalo_l"]
    home = tmp_path / "home" / ".deepface" / "weights" / "buffalo_l"
    home.mkdir(parents=True)
    (home / "webface_r50.onnx").write_bytes((cache / "weights" / "w600k_r50.onnx").read_bytes())
    monkeypatch.setenv("DEEPFACE_HOME", str(tmp_path / "home"))
    expected = Buffalo_L().forward((chip[:, :, ::-1] / 255.0).astype(np.float32))
    found = registry.load("buffalo_l", cache).recogniser.embed(chip[None])[0]
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "shape", "first", "last"),
    [
        # of a chip whose red is 255, green 51 and blue 0: what stands first and last along the channels
        ("dlib", (1, 150, 150, 3), 255, 0),
        ("arcface", (1, 112, 112, 3), 0, 1),
        ("facenet512", (1, 160, 160, 3), 0, 1),
        ("ghostfacenet", (1, 112, 112, 3), 0, 1),
        ("sface", (1, 3, 112, 112), 255, 0),
        ("buffalo_l", (1, 3, 112, 112), 1, -1),
    ],
)
def test_size_order_and_range_of_each(name: str, shape: tuple[int, ...], first: float, last: float) -> None:
    pixels = registry.PARTS[name].pixels
    chip = np.empty_like(pixels.blank)
    chip[...] = (255, 51, 0)
    fed = pixels.of(chip)
    assert (fed.shape, fed.dtype) == (shape, np.float32)
    channels = fed.reshape(3, -1) if pixels.planes else fed.reshape(-1, 3).T
    assert np.ptp(channels, axis=1).max() == 0
    assert channels[:, 0].tolist() == pytest.approx([first, channels[1, 0], last])
    assert min(first, last) < channels[1, 0] < max(first, last)


def test_chips_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must be \(n, 112, 112, 3\)"):
        registry.PARTS["arcface"].pixels.of(np.zeros((1, 150, 150, 3), np.uint8))


def test_a_batch_is_its_chips_one_by_one(made_pack: Callable[[str], Path]) -> None:
    chips = np.random.default_rng(3).integers(0, 256, (3, 112, 112, 3), np.uint8)
    for name in ("arcface", "sface"):
        recogniser = registry.load(name, made_pack(name)).recogniser
        together = recogniser.embed(chips)
        np.testing.assert_array_equal(together, np.concatenate([recogniser.embed(chip[None]) for chip in chips]))
        np.testing.assert_array_equal(together, seen_by(registry.PARTS[name].pixels.of(chips), recogniser.dimension))
        assert recogniser.embed(chips[:0]).shape == (0, recogniser.dimension)


def test_a_picture_of_itself_is_written_in_the_docs() -> None:
    assert (
        str(PixelInput(112, ColourOrder.RGB, planes=True, offset=127.5, scale=127.5)) == "3 × 112 × 112, RGB, -1 to 1"
    )


@pytest.mark.parametrize("name", ["yunet", "retinaface"])
def test_faces_are_those_deepface_finds(
    name: str, deepface: dict[str, Any], pictures: dict[str, Image], made_pack: Callable[[str], Path]
) -> None:
    expected = deepface["found"][name]
    detector = registry.load(f"dlib+{name}", made_pack(f"dlib+{name}")).detector
    smallest = 10 if name == "yunet" else 32
    faces = detector.detect(pictures[name], smallest)
    height, width = pictures[name].shape[:2]
    inside = [face for face in expected if _within(face["box"], width, height) and max(face["box"][2:]) > smallest + 1]
    assert len(inside) >= 5
    for face in inside:
        nearest = min(faces, key=lambda ours: abs(ours.score - face["score"]) + np.abs(ours.box - face["box"]).max())
        # DeepFace cuts its coordinates off to whole pixels, width and height too.
        assert np.abs(nearest.box - face["box"]).max() < 2
        assert nearest.score == pytest.approx(face["score"], abs=1e-5)
        assert np.abs(nearest.landmarks[0] - face["right_eye"]).max() < 1  # the person's right is our left
        assert np.abs(nearest.landmarks[1] - face["left_eye"]).max() < 1
    assert [face.score for face in faces] == sorted((face.score for face in faces), reverse=True)


def test_retinafaces_five_points_are_the_packages(
    deepface: dict[str, Any], pictures: dict[str, Image], made_pack: Callable[[str], Path]
) -> None:
    detector = registry.load("dlib+retinaface", made_pack("dlib+retinaface")).detector
    expected = [np.array(points, np.float32) for points in deepface["points"]]
    faces = detector.detect(pictures["retinaface"], 32)
    assert len(faces) >= 5
    for face in faces:
        assert min(np.abs(points - face.landmarks).max() for points in expected) < 0.01


def test_small_faces_are_left_out_and_the_picture_is_reduced_accordingly(
    pictures: dict[str, Image], made_pack: Callable[[str], Path]
) -> None:
    for name in ("yunet", "retinaface"):
        detector = registry.load(f"dlib+{name}", made_pack(f"dlib+{name}")).detector
        for smallest in (40, 90):
            faces = detector.detect(pictures[name], smallest)
            assert all(face.box[2:].max() >= smallest for face in faces)


def _within(box: list[int], width: int, height: int) -> bool:
    x, y, w, h = box
    return x > 0 and y > 0 and x + w < width - 2 and y + h < height - 2
