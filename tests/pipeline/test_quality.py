import cv2
import numpy as np
import pytest

from recognition.pipeline.align import CHIP_TEMPLATE, align
from recognition.pipeline.detect import detect
from recognition.pipeline.quality import ENROLMENT, LIVE, explain, measure, yaw


def nose_at(share):
    points = CHIP_TEMPLATE.copy()
    points[2] = points[0] + share * (points[1] - points[0]) + (0, 30)
    return points


@pytest.mark.parametrize(("share", "expected"), [(0.5, 0), (0.75, 0.5), (0.25, 0.5), (1.0, 1.0), (1.4, 1.0)])
def test_yaw_is_where_the_nose_stands_between_the_eyes(share, expected):
    assert yaw(nose_at(share)) == pytest.approx(expected, abs=0.01)


def test_yaw_of_points_that_coincide_is_a_profile():
    assert yaw(np.zeros((5, 2), np.float32)) == 1.0


@pytest.fixture
def seen(engine, collins_pixels):
    """Chip and landmarks of a good portrait, after a change to the picture."""

    def change(alter=lambda image: image):
        face = detect(engine.detector, collins_pixels, min_face=40)[0]
        return align(alter(collins_pixels), face.landmarks), face.landmarks

    return change


@pytest.mark.parametrize(
    ("alter", "shortfalls"),
    [
        (lambda image: image, ()),
        (lambda image: (image * 0.1).astype(np.uint8), ("too_dark",)),  # and not "too_blurred"
        (lambda image: np.clip(image * 2.5, 0, 255).astype(np.uint8), ("too_bright",)),
        (lambda image: cv2.GaussianBlur(image, (0, 0), 4), ("too_blurred",)),
        (lambda image: cv2.blur(image, (21, 1)), ("too_blurred",)),  # smeared sideways, as by a quick walk
        (lambda image: np.zeros_like(image), ("too_blurred", "too_dark")),
    ],
)
def test_each_fault_has_its_code(seen, alter, shortfalls):
    quality = measure(*seen(alter), limits=LIVE)
    assert quality.shortfalls == shortfalls
    assert quality.usable is not bool(shortfalls)


def test_small_and_turned_faces(seen):
    chip, landmarks = seen()
    assert measure(chip, landmarks * 0.2, limits=LIVE).shortfalls == ("too_small",)
    assert measure(chip, nose_at(1.0), limits=LIVE).shortfalls == ("turned_away",)


def test_enrolment_is_stricter_than_live_in_everything():
    assert ENROLMENT.inter_eye > LIVE.inter_eye
    assert ENROLMENT.sharpness > LIVE.sharpness
    assert LIVE.exposure[0] < ENROLMENT.exposure[0] < ENROLMENT.exposure[1] < LIVE.exposure[1]
    assert ENROLMENT.yaw < LIVE.yaw


def test_value_falls_with_blur_and_stays_in_range(seen):
    values = [
        measure(*seen(lambda image, sigma=sigma: cv2.GaussianBlur(image, (0, 0), sigma)), limits=LIVE).value
        for sigma in (0.1, 1.5, 2.5, 6)
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] == 1.0
    assert 0 <= values[-1] < 0.1


def test_every_shortfall_is_explained_with_what_was_measured_and_what_is_required(seen):
    chip, _ = seen(lambda image: np.zeros_like(image))
    quality = measure(chip, nose_at(1.0) * 0.1, limits=ENROLMENT)
    sentences = explain(quality, ENROLMENT)
    assert len(sentences) == len(quality.shortfalls) == 4
    assert f"{ENROLMENT.inter_eye:.0f}" in sentences[0]
    assert f"{quality.inter_eye:.0f}" in sentences[0]
