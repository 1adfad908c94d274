"""A picture that is kept shows one face. A passer-by who stands beside it or behind it is covered."""

import numpy as np
import pytest

from recognition.pipeline.align import align, portrait
from recognition.pipeline.cover import SMALLEST, alone, kept_picture
from recognition.pipeline.detect import detect
from recognition.pipeline.embed import embed
from recognition.pipeline.enrol import assess_reference
from recognition.pipeline.limits import LIVE
from recognition.pipeline.picture import read_picture, write_jpeg
from recognition.pipeline.run import process_frame
from recognition.pipeline.types import Gallery, Policy, Tracks
from tests.scene import together

ALIKE = 0.975  # the two portraits score 0.97 at most, whatever their size


@pytest.fixture
def hopper_pixels(hopper):
    return read_picture(hopper)


def likeness(engine, picture, template):
    """The score of the face in the picture that is most like the template; 0 where there is none."""
    chips = [align(picture, face.landmarks) for face in detect(engine.detector, picture, min_face=SMALLEST)]
    return max(embed(engine.recogniser, chips) @ template, default=0)


BESIDE = [(120, 0.6, 110), (160, 0.6, 130), (200, 0.4, -150), (240, 0.3, 170), (200, 0.2, 190), (120, 1.4, 160)]


@pytest.mark.parametrize(("height", "share", "right"), BESIDE)
def test_a_neighbour_is_covered_and_the_face_meant_is_not(
    engine, collins, hopper, collins_pixels, hopper_pixels, height, share, right
):
    listed, stranger = (assess_reference(engine, image).template for image in (collins, hopper))
    frame = together(engine, collins_pixels, hopper_pixels, height=height, share=share, right=right)
    faces = detect(engine.detector, frame, min_face=60)
    face = max(faces, key=lambda face: embed(engine.recogniser, [align(frame, face.landmarks)])[0] @ listed)
    assert likeness(engine, frame, stranger) > ALIKE, "The scene shows the stranger, else nothing would be proved."

    kept = kept_picture(engine.detector, frame, face, others=faces)

    assert likeness(engine, kept.picture, stranger) < ALIKE
    assert likeness(engine, kept.picture, listed) > likeness(engine, frame, listed) - 0.003
    shown = portrait(kept.picture, kept.holds(face).landmarks)
    assert likeness(engine, shown, stranger) < ALIKE < likeness(engine, shown, listed)


def test_a_candidate_is_alone_in_its_picture(engine, collins, hopper, collins_pixels, hopper_pixels):
    listed, stranger = (assess_reference(engine, image).template for image in (collins, hopper))
    gallery = Gallery(listed[np.newaxis], ["photograph"], ["collins"], version=1, pack=engine.pack)
    frame = together(engine, collins_pixels, hopper_pixels, height=160, share=0.6, right=130)
    tracks, candidates = Tracks(), []
    for number in range(3):
        result = process_frame(
            engine,
            jpeg=write_jpeg(frame),
            tracks=tracks,
            gallery=gallery,
            policy=Policy(threshold=0.985, spread=0.0044, quality=LIVE),
            now=number / 5,
        )
        tracks = result.tracks
        candidates += result.candidates
    (candidate,) = candidates
    assert len(result.faces) == 2
    assert likeness(engine, candidate.crop, stranger) < ALIKE < likeness(engine, candidate.crop, listed)


def test_alone_in_the_picture_nothing_is_covered(engine, collins_pixels):
    (face,) = detect(engine.detector, collins_pixels, min_face=100)
    assert alone(engine.detector, collins_pixels, face) is collins_pixels


def test_a_passer_by_in_a_reference_image_is_not_kept(engine, hopper, collins_pixels, hopper_pixels):
    stranger = assess_reference(engine, hopper).template
    frame = together(engine, collins_pixels, hopper_pixels, height=200, share=0.4, right=200)
    enrolled = assess_reference(engine, write_jpeg(frame))
    assert likeness(engine, frame, stranger) > ALIKE
    assert likeness(engine, read_picture(enrolled.image), stranger) < ALIKE
    assert likeness(engine, enrolled.portrait, stranger) < ALIKE
