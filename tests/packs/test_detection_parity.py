"""The detector finds the faces that the package mtcnn finds, at the same smallest face: all of them, and no other."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Face, Image
from tests.packs.conftest import PORTRAITS, read

REFERENCE = Path(__file__).with_name("mtcnn_reference.py")
DEEPFACE = Path(__file__).with_name("deepface_faces.py")
LEAST_OVERLAP = 0.8
LANDMARK_SHARE = 0.1  # of the face's width


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes x, y, width, height."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    return float(shared / (a[2] * a[3] + b[2] * b[3] - shared))


def printed(program: list[str], environment: dict[str, str]) -> Any:
    """The JSON in the last line that a process of its own prints, on its own because of TensorFlow."""
    run = subprocess.run([sys.executable, *program], env=environment, capture_output=True, text=True, timeout=250)
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout.splitlines()[-1])


def reference(images: list[tuple[Path, int]], folder: Path, environment: dict[str, str]) -> list[list[Face]]:
    """What the package finds."""
    listed = folder / "images.json"
    listed.write_text(json.dumps([[str(path), min_face] for path, min_face in images]))
    return [
        [Face(np.array(face[:4], np.float32), np.array(face[5], np.float32), face[4]) for face in faces]
        for faces in printed([str(REFERENCE), str(listed)], environment)
    ]


def differences(engine: Engine, images: list[tuple[Path, int]], expected: list[list[Face]]) -> tuple[int, list[str]]:
    """How many faces both found, and in words what is not the same."""
    both, told = 0, []
    for number, ((path, min_face), theirs) in enumerate(zip(images, expected, strict=True)):
        ours = engine.detector.detect(read(path), min_face)
        for face in theirs:
            match = max(ours, key=lambda own: overlap(own.box, face.box), default=None)
            share = overlap(match.box, face.box) if match else 0.0
            if share <= LEAST_OVERLAP:
                told.append(f"image {number}: a face at {face.box.tolist()} overlaps ours by {share:.2f}")
                continue
            both += 1
            apart = np.linalg.norm(match.landmarks - face.landmarks, axis=1).mean() / face.box[2]
            if apart > LANDMARK_SHARE:
                told.append(f"image {number}: landmarks are {apart:.2f} of the width apart")
        for own in ours:
            if max((overlap(own.box, face.box) for face in theirs), default=0) <= LEAST_OVERLAP:
                told.append(f"image {number}: only we see a face at {own.box.tolist()}")
    return both, told


def canvas(pictures: list[Image], seed: int) -> Image:
    """A 1280x720 frame of twelve pictures of different sizes on a blurred, noisy background."""
    random = np.random.default_rng(seed)
    blurred = cv2.GaussianBlur(cv2.resize(pictures[0], (1280, 720), interpolation=cv2.INTER_CUBIC), (0, 0), 25)
    noise = random.integers(-30, 30, blurred.shape) if seed % 2 else 0
    frame = np.clip(blurred.astype(int) + noise, 0, 255).astype(np.uint8)
    for place in range(12):
        side = int(random.choice([110, 140, 170, 200, 230]))
        picture = cv2.resize(pictures[place % len(pictures)], (side, side), interpolation=cv2.INTER_AREA)
        x = place % 4 * 320 + int(random.integers(0, 320 - side))
        y = place // 4 * 240 + int(random.integers(0, 240 - side))
        frame[y : y + side, x : x + side] = picture
    return frame


def save(folder: Path, name: str, image: Image) -> Path:
    path = folder / f"{name}.png"
    assert cv2.imwrite(str(path), image[:, :, ::-1])
    return path


def test_portraits_at_many_sizes(
    engine: Engine, portraits: dict[str, Image], tmp_path: Path, process_environment: dict[str, str]
) -> None:
    images = [(path, 20) for path in PORTRAITS.values()]
    for name, portrait in portraits.items():
        for factor in (0.25, 0.4, 0.6, 0.77, 1.5):
            resized = cv2.resize(portrait, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            images.append((save(tmp_path, f"{name}-{factor}", np.asarray(resized, np.uint8)), 20))
            images.append((save(tmp_path, f"{name}-{factor}-mirrored", np.asarray(resized[:, ::-1], np.uint8)), 20))
    both, told = differences(engine, images, reference(images, tmp_path, process_environment))
    assert told == []
    assert both >= len(images) - 2


def test_lfw(engine: Engine, lfw_images: list[Path], tmp_path: Path, process_environment: dict[str, str]) -> None:
    images = [(path, 20) for path in lfw_images]
    both, told = differences(engine, images, reference(images, tmp_path, process_environment))
    assert told == []
    assert both >= len(images)


def test_crowded_frames(
    engine: Engine, lfw_images: list[Path], tmp_path: Path, process_environment: dict[str, str]
) -> None:
    images = []
    pictures = [read(path) for path in lfw_images]
    for seed in range(6):
        frame = canvas(pictures[seed * 12 : seed * 12 + 12], seed)
        half = np.asarray(cv2.resize(frame, (640, 360), interpolation=cv2.INTER_AREA), np.uint8)
        images += [(save(tmp_path, f"frame-{seed}", frame), 40), (save(tmp_path, f"half-{seed}", half), 20)]
    both, told = differences(engine, images, reference(images, tmp_path, process_environment))
    assert told == []
    assert both >= len(images) * 11


def test_deepface_finds_the_faces_with_our_detector_that_it_finds_with_its_own(
    lfw_images: list[Path], tmp_path: Path, pack_cache: Path, process_environment: dict[str, str]
) -> None:
    listed = tmp_path / "paths.json"
    listed.write_text(json.dumps([str(path) for path in [*PORTRAITS.values(), *lfw_images[:50]]]))
    theirs, ours = (
        printed([str(DEEPFACE), str(listed), *cache], process_environment) for cache in ([], [str(pack_cache)])
    )
    assert [len(faces) for faces in ours] == [len(faces) for faces in theirs]
    for own, found in zip(ours, theirs, strict=True):
        for box in map(np.array, found):
            assert max(overlap(np.array(other), box) for other in own) > LEAST_OVERLAP


@pytest.mark.parametrize("shape", [(12, 12), (11, 300), (40, 900), (361, 641)])
def test_pictures_without_faces_and_of_odd_shapes(engine: Engine, shape: tuple[int, int]) -> None:
    assert engine.detector.detect(np.full((*shape, 3), 90, np.uint8), 20) == []


def test_texture_is_bounded(engine: Engine) -> None:
    """A frame in which nearly every cell may be a face must not take memory or time without end."""
    random = np.random.default_rng(3)
    assert len(engine.detector.detect(random.integers(0, 256, (720, 1280, 3), np.uint8), 20)) < 1000


def test_a_smallest_face_under_what_the_network_sees_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="12 px"):
        engine.detector.detect(np.zeros((50, 50, 3), np.uint8), 11)
