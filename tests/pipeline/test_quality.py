"""Each measure moves with the fault it names, and stays put under the others."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from benchmarks.faults import (
    FAULTS,
    blurred,
    compressed,
    covered,
    cut,
    flattened,
    lit,
    lit_from_one_side,
    noisy,
    shrunk,
    smeared,
)
from recognition.pipeline.align import CHIP_TEMPLATE
from recognition.pipeline.detect import detect
from recognition.pipeline.limits import LIMITS, LIVE
from recognition.pipeline.quality import inside, measure, pitch, roll, yaw
from recognition.pipeline.types import QualityLimits

NOTHING_ASKED = QualityLimits({})


def nose_at(across, down=0.55):
    points = CHIP_TEMPLATE.copy()
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    points[2] = points[0] + across * (points[1] - points[0]) + down * (mouth - eyes)
    return points


@pytest.mark.parametrize(("share", "expected"), [(0.5, 0), (0.75, 0.5), (0.25, 0.5), (1.0, 1.0), (1.4, 1.0)])
def test_yaw_is_where_the_nose_stands_between_the_eyes(share, expected):
    assert yaw(nose_at(share)) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(("share", "expected"), [(0.54, 0), (0.79, 0.5), (0.29, 0.5), (1.1, 1.0), (0.0, 1.0)])
def test_pitch_is_how_far_down_to_the_mouth_the_nose_is(share, expected):
    assert pitch(nose_at(0.5, share)) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("degrees", [0, 20, 45])
def test_roll_is_the_slope_of_the_eyes_whichever_way(degrees):
    for sign in (1, -1):
        turn = cv2.getRotationMatrix2D((75, 75), sign * degrees, 1)
        turned = (CHIP_TEMPLATE @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
        assert roll(turned) == pytest.approx(degrees, abs=0.5)
        assert yaw(turned) == pytest.approx(yaw(CHIP_TEMPLATE), abs=0.01)
        assert pitch(turned) == pytest.approx(pitch(CHIP_TEMPLATE), abs=0.01)


@pytest.mark.parametrize("share", [0, 0.1, 0.4])
def test_what_is_beyond_the_edge_is_not_inside(share):
    picture = np.zeros((150, 150, 3), np.uint8)
    for moved in ((-150 * share, 0), (0, 150 * share)):
        assert inside(picture, CHIP_TEMPLATE + np.float32(moved)) == pytest.approx(1 - share, abs=0.01)


def test_points_that_coincide_are_a_useless_face_and_no_error():
    quality = measure(np.zeros((100, 100, 3), np.uint8), np.zeros((5, 2), np.float32), limits=LIVE)
    assert quality.yaw == quality.pitch == 1.0
    assert quality.value == 0


@pytest.fixture
def seen(engine, collins_pixels):
    """Measures of a good portrait after a change to it; landmarks as they were, or as they are found again."""
    face = detect(engine.detector, collins_pixels, min_face=40)[0]

    def change(alter=lambda image, points: image, *, limits=LIVE, again=False):
        image = alter(collins_pixels, face.landmarks)
        points = detect(engine.detector, image, min_face=20)[0].landmarks if again else face.landmarks
        return measure(image, points, limits=limits)

    return change


def test_a_good_portrait_lacks_nothing(seen):
    quality = seen()
    assert quality.usable
    assert quality.value == pytest.approx(1, abs=0.1)
    assert (quality.inside, quality.over_exposure) == (1, pytest.approx(0, abs=0.01))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (blurred(4), "too_blurred"),
        (smeared(19), "too_blurred"),  # sideways, as by a quick walk
        (lit(0.06), "too_dark"),  # and not "too_blurred"
        (flattened(0.2), "too_flat"),
        (lit_from_one_side(0.15), "lit_unevenly"),  # and not "eyes_hidden"
        (noisy(50), "too_noisy"),
        (compressed(5), "too_compressed"),
        (covered("dark glasses"), "eyes_hidden"),
        (covered("mask"), "mouth_hidden"),
        (covered("hand at the mouth"), "mouth_hidden"),
    ],
)
def test_each_fault_has_its_code_and_no_other(seen, change, code):
    quality = seen(change)
    assert quality.shortfalls == (code,)
    assert not quality.usable
    assert quality.value < 0.8


def test_what_is_washed_out_is_too_bright_first(seen):
    assert seen(lit(1.7)).shortfalls == ("too_bright", "too_flat")


def test_a_small_face_has_its_code(seen):
    assert seen(shrunk(8), again=True).shortfalls == ("too_small",)


def test_pose_has_its_codes(collins_pixels):
    for points, code in ((nose_at(1.0), "turned_away"), (nose_at(0.5, 0.0), "looks_up_or_down")):
        assert code in measure(collins_pixels, points, limits=LIVE).shortfalls
    turn = cv2.getRotationMatrix2D((75, 75), 50, 1)
    leaning = (CHIP_TEMPLATE @ turn[:, :2].T + turn[:, 2]).astype(np.float32) + 100
    assert "leans" in measure(collins_pixels, leaning, limits=LIVE).shortfalls


def test_a_face_cut_by_the_edge_has_its_code(engine, collins_pixels):
    face = detect(engine.detector, collins_pixels, min_face=40)[0]
    narrow = cut(0.4, "below")(collins_pixels, face.landmarks)
    assert "cut_off" in measure(narrow, face.landmarks, limits=LIVE).shortfalls


def test_measures_stay_put_under_faults_of_another_kind(seen):
    before = seen()
    dim, bright = seen(lit(0.4)), seen(lit(1.15))
    for changed in (dim, bright):
        assert changed.sharpness == pytest.approx(before.sharpness, rel=0.25)
        assert changed.contrast == pytest.approx(before.contrast, rel=0.1)
        assert changed.uniformity == pytest.approx(before.uniformity, rel=0.05)
        assert changed.eyes == pytest.approx(before.eyes, rel=0.1)
        assert changed.mouth == pytest.approx(before.mouth, rel=0.1)
    flat = seen(flattened(0.5))
    assert flat.eyes == pytest.approx(before.eyes, rel=0.1)
    assert flat.uniformity > before.uniformity - 0.05
    soft = seen(blurred(2))
    assert soft.exposure == pytest.approx(before.exposure, rel=0.02)
    assert soft.noise < before.noise
    assert soft.blockiness < 1.2
    half_lit = seen(lit_from_one_side(0.4))
    assert half_lit.eyes > 0.5 * before.eyes  # each eye next to its own half: a shadow hides nothing


@pytest.mark.parametrize("fault", ["blur", "dark", "bright", "contrast", "side light", "noise", "compression"])
def test_value_falls_with_every_fault_and_stays_in_range(seen, fault):
    changes = list(FAULTS[fault].values())
    worse = changes[::-1] if fault in ("dark", "compression") else changes
    values = [seen(change).value for change in worse]
    assert values == pytest.approx(sorted(values, reverse=True), abs=0.03)
    assert 0 <= values[-1] < values[0] - 0.1


def test_value_is_that_of_the_worst_measure(seen):
    quality = seen(lit(0.3))
    assert quality.value == min(limit.worth(quality) for limit in LIMITS)


def test_the_costliest_shortfall_comes_first(seen):
    blank = seen(lambda image, _: np.zeros_like(image))
    worth = {limit.code: limit.worth(blank) for limit in LIMITS}
    assert {"too_dark", "too_blurred", "too_flat", "eyes_hidden"} <= set(blank.shortfalls)
    assert [worth[code] for code in blank.shortfalls] == sorted(worth[code] for code in blank.shortfalls)


def test_what_is_not_asked_is_measured_all_the_same(seen):
    blank = seen(lambda image, _: np.zeros_like(image), limits=NOTHING_ASKED)
    assert blank.usable
    assert blank.value == 0


def test_a_shrunken_picture_changes_the_distance_of_the_eyes(seen):
    assert seen(shrunk(22), again=True).inter_eye == pytest.approx(seen().inter_eye / 2, rel=0.1)


def test_no_measure_is_forgotten(seen):
    """Every field of Quality but its two sums has a row in the table: nothing is measured in vain."""
    measured = {limit.measure for limit in LIMITS}
    assert measured == set(replace(seen()).__slots__) - {"value", "shortfalls"}
