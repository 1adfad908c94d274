"""Frames rendered from a still: the same every time, and changed in what they say they are changed in."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from recognition.footage.people import COLLINS
from recognition.measuring.photographs import central_face
from recognition.measuring.rendered import FARTHEST, NEAREST, Shot, render, shots, smear
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.limits import LIVE
from recognition.pipeline.picture import read_picture
from recognition.pipeline.quality import measure
from recognition.pipeline.types import Face, Image, Quality

PLAIN = Shot(face=120)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load(DEFAULT_PACK, DEFAULT_CACHE)


@pytest.fixture(scope="module")
def still() -> Image:
    return read_picture(COLLINS.path().read_bytes())


@pytest.fixture(scope="module")
def face(engine: Engine, still: Image) -> Face:
    found = central_face(engine, still)
    assert found is not None
    return found


def generator() -> np.random.Generator:
    return np.random.default_rng(3)


def seen(engine: Engine, still: Image, face: Face, shot: Shot) -> tuple[Image, Face, Quality]:
    image = read_picture(render(still, face, shot, generator()))
    found = central_face(engine, image)
    assert found is not None
    return image, found, measure(image, found.landmarks, limits=LIVE)


def test_a_seed_gives_the_same_frames_and_another_seed_others(still, face):
    def frames(seed: int) -> list[bytes]:
        rng = np.random.default_rng(seed)
        return [render(still, face, shot, rng) for shot in shots(rng, frames=3)]

    assert frames(1) == frames(1)
    assert all(one != other for one, other in zip(frames(1), frames(2), strict=True))


def test_a_walker_comes_nearer():
    walk = shots(generator(), frames=30)
    sides = [shot.face for shot in walk]
    assert 0.85 * FARTHEST[0] <= sides[0] <= 1.15 * FARTHEST[1]
    assert 0.85 * NEAREST[0] <= sides[-1] <= 1.15 * NEAREST[1]
    assert np.corrcoef(sides, np.arange(30))[0, 1] > 0.9
    assert len({shot.jpeg for shot in walk}) == 1, "one camera"
    assert len({shot.light for shot in walk}) == 30


@pytest.mark.parametrize("side", [60, 100, 200])
def test_the_face_has_the_size_asked_for(engine, still, face, side):
    image, found, _ = seen(engine, still, face, replace(PLAIN, face=side))
    assert np.sqrt(found.box[2:].prod()) == pytest.approx(side, rel=0.12)
    assert image.shape[0] == pytest.approx(2.5 * side, abs=1)


def test_the_face_is_moved_and_turned(engine, still, face):
    _, straight, _ = seen(engine, still, face, PLAIN)
    _, moved, _ = seen(engine, still, face, replace(PLAIN, shift=(0.2, -0.1)))
    assert moved.box[:2] - straight.box[:2] == pytest.approx(np.array([24, -12]), abs=6)
    _, turned, _ = seen(engine, still, face, replace(PLAIN, turn=10))

    def slope(found: Face) -> float:
        eyes = found.landmarks[1] - found.landmarks[0]
        return float(np.degrees(np.arctan2(-eyes[1], eyes[0])))

    assert slope(turned) - slope(straight) == pytest.approx(10, abs=3)


@pytest.mark.parametrize("change", [{"defocus": 2.0}, {"motion": 12.0, "direction": 0.0}, {"motion": 12.0}])
def test_blur_takes_sharpness(engine, still, face, change):
    *_, plain = seen(engine, still, face, PLAIN)
    *_, blurred = seen(engine, still, face, replace(PLAIN, **change))
    assert blurred.sharpness < plain.sharpness / 2


def test_light_and_its_colour_change(engine, still, face):
    image, _, plain = seen(engine, still, face, PLAIN)
    *_, dark = seen(engine, still, face, replace(PLAIN, light=0.5))
    assert dark.exposure == pytest.approx(plain.exposure / 2, rel=0.1)
    red = seen(engine, still, face, replace(PLAIN, balance=(1.0, 1.0, 0.8)))[0]
    assert red[:, :, 2].mean() < 0.85 * image[:, :, 2].mean()
    assert red[:, :, 0].mean() == pytest.approx(image[:, :, 0].mean(), rel=0.02)
    lit = seen(engine, still, face, replace(PLAIN, light=0.7, side_light=0.3))[0].mean(axis=(0, 2))
    flat = seen(engine, still, face, replace(PLAIN, light=0.7))[0].mean(axis=(0, 2))
    gained = lit / flat
    assert gained[-50:].mean() > 1.2
    assert gained[:50].mean() < 0.8


def test_noise_and_compression_do_what_they_say(still, face):
    plain, grainy = (
        read_picture(render(still, face, replace(PLAIN, noise=noise), generator())).astype(float) for noise in (0, 8)
    )
    assert 4 < (grainy - plain).std() < 9
    sizes = [len(render(still, face, replace(PLAIN, jpeg=quality), generator())) for quality in (90, 60, 30)]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("direction", [0, 30, 90, 150])
def test_a_smear_keeps_the_light_and_has_its_length(direction):
    kernel = smear(9.0, direction)
    assert kernel.sum() == pytest.approx(1, abs=1e-6)
    spread = np.argwhere(kernel > 1e-6)
    assert 7 <= np.hypot(*(spread.max(axis=0) - spread.min(axis=0))) <= 13
    dot = np.zeros((41, 41), np.float32)
    dot[20, 20] = 1
    moments = cv2.moments(cv2.filter2D(dot, -1, kernel))
    assert moments["m10"] / moments["m00"] == pytest.approx(20, abs=0.05)
    variance = (moments["mu20"] + moments["mu02"]) / moments["m00"]
    assert variance == pytest.approx(9.0**2 / 12, rel=0.15)
