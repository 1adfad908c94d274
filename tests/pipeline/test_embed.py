import numpy as np
import pytest

from recognition.pipeline.align import align
from recognition.pipeline.detect import detect
from recognition.pipeline.embed import embed, unit


@pytest.mark.parametrize("shape", [(0, 4), (1, 4), (7, 128)])
def test_rows_get_length_one(shape, rng):
    lengths = np.linalg.norm(unit(rng.normal(size=shape).astype(np.float32) * 9), axis=1)
    assert np.allclose(lengths, 1, atol=1e-5)


def test_a_row_of_zeros_stays_finite():
    assert np.isfinite(unit(np.zeros((1, 4), np.float32))).all()


def test_no_chips_give_an_empty_matrix(engine):
    assert embed(engine.recogniser, []).shape == (0, engine.recogniser.dimension)


def test_a_face_and_its_mirror_image_have_one_template(engine, collins_pixels):
    face = detect(engine.detector, collins_pixels, min_face=40)[0]
    chip = align(collins_pixels, face.landmarks)
    plain, mirrored = embed(engine.recogniser, [chip, chip[:, ::-1]])
    assert plain @ mirrored == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(plain) == pytest.approx(1, abs=1e-5)
