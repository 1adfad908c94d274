import cv2
import numpy as np
import pytest

from recognition.pipeline.enrol import assess_reference, the_one_face
from recognition.pipeline.errors import RejectedImage
from recognition.pipeline.limits import ENROLMENT
from recognition.pipeline.picture import read_picture, write_jpeg
from recognition.pipeline.types import Face


def test_a_portrait_is_enrolled(engine, collins):
    enrolment = assess_reference(engine, collins)
    assert enrolment.template.shape == (engine.recogniser.dimension,)
    assert np.linalg.norm(enrolment.template) == pytest.approx(1, abs=1e-5)
    assert enrolment.portrait.shape[0] == enrolment.portrait.shape[1]
    assert enrolment.quality.usable
    kept = read_picture(enrolment.image)
    assert kept.shape == (512, 512, 3)
    assert ((enrolment.landmarks > 0) & (enrolment.landmarks < 512)).all()


def test_what_is_kept_enrols_to_the_same_template(engine, hopper):
    first = assess_reference(engine, hopper)
    again = assess_reference(engine, first.image)
    assert first.template @ again.template > 0.998


def test_two_people_are_not_alike(engine, collins, hopper):
    one, other = (assess_reference(engine, data).template for data in (collins, hopper))
    assert one @ other < 0.975


def test_a_large_photograph_with_a_good_face_is_enrolled(engine, collins_pixels):
    assert assess_reference(engine, write_jpeg(cv2.resize(collins_pixels, None, fx=5, fy=5))).quality.usable


@pytest.mark.parametrize(
    ("alter", "code", "says"),
    [
        (lambda image: np.full_like(image, 128), "no_face", "from the front"),
        (lambda image: np.hstack([image, image]), "several_faces", "2 faces"),
        (
            lambda image: cv2.resize(image, None, fx=0.48, fy=0.48),
            "too_small",
            f"at least {ENROLMENT.bounds['too_small']:.0f}",
        ),
        (
            lambda image: cv2.GaussianBlur(image, (0, 0), 3),
            "too_blurred",
            f"at least {ENROLMENT.bounds['too_blurred']:.1f}",
        ),
        (lambda image: (image * 0.2).astype(np.uint8), "too_dark", f"at least {ENROLMENT.bounds['too_dark']:.0f}"),
        (
            lambda image: np.clip(image * 1.2 + 50, 0, 255).astype(np.uint8),
            "too_bright",
            f"at most {ENROLMENT.bounds['too_bright']:.0%}",
        ),
    ],
)
def test_what_will_not_do_is_refused_with_the_reason(engine, collins_pixels, alter, code, says):
    with pytest.raises(RejectedImage) as refused:
        assess_reference(engine, write_jpeg(alter(collins_pixels)))
    assert refused.value.code == code
    assert says in refused.value.message


def test_what_is_no_image_is_refused(engine):
    with pytest.raises(RejectedImage) as refused:
        assess_reference(engine, b"no image")
    assert refused.value.code == "not_an_image"


def faces(*heights):
    return [Face(np.array([0, 0, h, h], np.float32), np.zeros((5, 2), np.float32), 0.9) for h in heights]


@pytest.mark.parametrize(
    ("heights", "chosen"),
    [([100], 100), ([40, 100], 100), ([100, 49, 20], 100), ([100, 50], None), ([90, 100], None), ([], None)],
)
def test_a_passer_by_may_be_in_the_picture_but_no_rival(heights, chosen):
    if chosen:
        assert the_one_face(faces(*heights)).box[3] == chosen
    else:
        with pytest.raises(RejectedImage):
            the_one_face(faces(*heights))
