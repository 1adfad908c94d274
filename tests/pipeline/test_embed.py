from dataclasses import replace

import numpy as np
import pytest

from recognition.pipeline.align import MEASURED, align, align_beside
from recognition.pipeline.detect import detect
from recognition.pipeline.embed import embed, embed_closely, unit


@pytest.mark.parametrize("shape", [(0, 4), (1, 4), (7, 128)])
def test_rows_get_length_one(shape, rng):
    lengths = np.linalg.norm(unit(rng.normal(size=shape).astype(np.float32) * 9), axis=1)
    assert np.allclose(lengths, 1, atol=1e-5)


def test_a_row_of_zeros_stays_finite():
    assert np.isfinite(unit(np.zeros((1, 4), np.float32))).all()


def test_no_chips_give_an_empty_matrix(engine):
    assert embed(engine.recogniser, []).shape == (0, engine.recogniser.dimension)


def test_a_closer_look_is_the_mean_over_chips_laid_a_little_otherwise(engine, collins_pixels):
    face = detect(engine.detector, collins_pixels, min_face=40)[0]
    (closer,) = embed_closely(engine, collins_pixels, [face.landmarks])
    once = embed(engine.recogniser, [align(collins_pixels, face.landmarks)])[0]
    beside = embed(engine.recogniser, align_beside(collins_pixels, face.landmarks, engine.alignment))
    each = np.vstack([once, beside])
    assert len(each) == 9
    assert np.linalg.norm(closer) == pytest.approx(1, abs=1e-5)
    assert closer @ each.mean(axis=0) == pytest.approx(np.linalg.norm(each.mean(axis=0)), abs=1e-5)
    assert closer @ once > once @ beside.T.mean(axis=1)


def test_it_moves_less_with_its_landmarks(engine, collins_pixels, rng):
    """What it is for: detectors place landmarks to a pixel or two."""
    face = detect(engine.detector, collins_pixels, min_face=40)[0]
    moved = [face.landmarks + rng.normal(scale=2, size=(5, 2)).astype(np.float32) for _ in range(8)]
    once = embed(engine.recogniser, [align(collins_pixels, landmarks) for landmarks in moved])
    closer = embed_closely(engine, collins_pixels, moved)
    assert apart(closer) < apart(once) / 2


def test_no_faces_give_an_empty_matrix(engine, collins_pixels):
    assert embed_closely(engine, collins_pixels, []).shape == (0, engine.recogniser.dimension)


def test_where_an_alignment_has_no_variations_the_mirror_image_is_looked_at(engine, collins_pixels):
    face = detect(engine.detector, collins_pixels, min_face=40)[0]
    (mirrored,) = align_beside(collins_pixels, face.landmarks, replace(MEASURED, varied=()))
    assert (mirrored == align(collins_pixels, face.landmarks)[:, ::-1]).all()


def apart(templates):
    return np.linalg.norm(templates - templates.mean(axis=0), axis=1).mean()
