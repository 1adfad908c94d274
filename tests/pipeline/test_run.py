"""The steps together, on the real engine and the two photographs."""

import dataclasses
import itertools

import cv2
import numpy as np
import pytest

from recognition.pipeline.attend import YOUNG
from recognition.pipeline.detect import detect
from recognition.pipeline.embed import embed_closely
from recognition.pipeline.enrol import assess_reference
from recognition.pipeline.errors import BadFrame, PipelineError
from recognition.pipeline.limits import LIVE
from recognition.pipeline.picture import read_picture, write_jpeg
from recognition.pipeline.run import process_frame
from recognition.pipeline.trackcodec import from_json, to_json
from recognition.pipeline.types import Gallery, Policy, Tracks

POLICY = Policy(threshold=0.985, spread=0.0044, quality=LIVE)


@pytest.fixture(scope="module")
def listed(engine, collins) -> Gallery:
    template = assess_reference(engine, collins).template
    return Gallery(template[np.newaxis], ["photograph"], ["collins"], version=1, pack=engine.pack)


@pytest.fixture(scope="module")
def nobody_listed(engine) -> Gallery:
    return Gallery(np.zeros((0, engine.recogniser.dimension), np.float32), [], [], version=1, pack=engine.pack)


def passage(engine, gallery, picture, *, frames=4, policy=POLICY):
    """Results of one photograph coming nearer, a frame every fifth of a second."""
    tracks, results = Tracks(), []
    for number in range(frames):
        jpeg = write_jpeg(cv2.resize(picture, None, fx=0.8 + 0.05 * number, fy=0.8 + 0.05 * number), quality=80)
        result = process_frame(engine, jpeg=jpeg, tracks=tracks, gallery=gallery, policy=policy, now=number / 5)
        tracks = from_json(to_json(result.tracks))
        results.append(result)
    return results


def test_the_listed_person_becomes_a_candidate_once(engine, listed, collins_pixels):
    results = passage(engine, listed, collins_pixels)
    (candidate,) = [candidate for result in results for candidate in result.candidates]
    assert (candidate.subject, candidate.reference, candidate.frames) == ("collins", "photograph", 2)
    assert candidate.score > 0.995
    assert candidate.landmarks.max() < min(candidate.crop.shape[:2]) * 2
    assert [result.faces_seen for result in results] == [1, 0, 0, 0]


def test_the_crop_shows_the_face(engine, listed, collins_pixels):
    candidate = passage(engine, listed, collins_pixels)[1].candidates[0]
    assert assess_reference(engine, write_jpeg(candidate.crop)).template @ listed.templates[0] > POLICY.threshold
    (x, y), (height, width) = candidate.landmarks.mean(axis=0), candidate.crop.shape[:2]
    assert 0.3 < x / width < 0.7
    assert 0.3 < y / height < 0.8


def test_another_person_does_not(engine, listed, hopper):
    results = passage(engine, listed, read_picture(hopper))
    assert [result.candidates for result in results] == [()] * 4
    assert results[-1].faces[0].usable
    assert results[-1].tracks.items[0].evidence == {}


def test_with_nobody_listed_faces_are_seen_and_counted(engine, nobody_listed, collins_pixels):
    results = passage(engine, nobody_listed, collins_pixels, frames=2)
    assert sum(result.faces_seen for result in results) == 1
    assert [result.templates_destroyed for result in results] == [1, 1]
    assert not any(result.candidates for result in results)


def test_a_face_that_is_not_compared_again_is_still_shown_and_counted_once(engine, listed, hopper):
    results = passage(engine, listed, read_picture(hopper), frames=9)
    assert [result.templates_destroyed for result in results[:YOUNG]] == [1] * YOUNG
    assert sum(result.templates_destroyed for result in results[YOUNG:]) < 9 - YOUNG
    assert [result.faces_seen for result in results] == [1] + [0] * 8
    assert all(face.usable and face.quality > 0 for result in results for face in result.faces)
    assert [len(result.faces) for result in results] == [1] * 9
    assert results[-1].tracks.items[0].frames == 9


def test_a_face_that_resembles_somebody_is_looked_at_closely(engine, listed, collins_pixels, hopper):
    (own,) = passage(engine, listed, collins_pixels, frames=1)
    assert own.templates_destroyed == 2
    (evidence,) = own.tracks.items[0].evidence.values()
    picture = read_picture(write_jpeg(cv2.resize(collins_pixels, None, fx=0.8, fy=0.8), quality=80))
    face = detect(engine.detector, picture, min_face=POLICY.min_face)[0]
    closer = embed_closely(engine, picture, [face.landmarks])
    assert evidence.scores == pytest.approx((float((closer @ listed.templates.T)[0, 0]),), abs=1e-5)

    (other,) = passage(engine, listed, read_picture(hopper), frames=1)
    assert other.templates_destroyed == 1


def test_a_face_that_is_not_good_enough_is_not_embedded(engine, listed, collins_pixels):
    blurred = cv2.GaussianBlur(collins_pixels, (0, 0), 4)
    (result,) = passage(engine, listed, blurred, frames=1)
    assert result.faces[0].shortfalls == ("too_blurred",)
    assert (result.templates_destroyed, result.faces_seen, result.candidates) == (0, 0, ())


def test_an_empty_scene_gives_an_empty_result(engine, listed):
    jpeg = write_jpeg(np.full((360, 640, 3), 128, np.uint8))
    result = process_frame(engine, jpeg=jpeg, tracks=Tracks(), gallery=listed, policy=POLICY, now=0)
    assert (result.faces, result.candidates, result.tracks.items, result.templates_destroyed) == ((), (), (), 0)


def arrays_in(value):
    """Every array and every sequence of numbers anywhere inside a value."""
    if isinstance(value, np.ndarray):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from arrays_in(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from arrays_in(list(value.values()))
    elif isinstance(value, list | tuple):
        yield np.array(value, dtype=object)
        for item in value:
            yield from arrays_in(item)


def test_no_template_leaves_the_call(engine, listed, collins_pixels, hopper):
    for picture in (collins_pixels, read_picture(hopper)):
        for result in passage(engine, listed, picture):
            assert all(engine.recogniser.dimension not in array.shape for array in arrays_in(result))
    planted = dataclasses.replace(result, tracks=listed.templates[0])
    assert any(engine.recogniser.dimension in array.shape for array in arrays_in(planted))


def test_pixels_leave_only_with_a_candidate(engine, listed, hopper):
    for result in passage(engine, listed, read_picture(hopper)):
        assert not any(array.dtype == np.uint8 for array in arrays_in(result))


def test_timing_is_taken_from_the_stopwatch_given(engine, listed, collins_pixels):
    ticks = itertools.count(step=0.010)
    result = process_frame(
        engine,
        jpeg=write_jpeg(collins_pixels),
        tracks=Tracks(),
        gallery=listed,
        policy=POLICY,
        now=0,
        stopwatch=lambda: next(ticks),
    )
    timing = result.timing
    # Whoever resembles somebody is embedded and searched for a second time.
    assert (timing.decode_ms, timing.detect_ms, timing.embed_ms, timing.search_ms) == pytest.approx((10, 10, 20, 20))
    assert timing.total_ms == pytest.approx(70)


def test_a_list_of_another_pack_is_refused(engine, listed, collins_pixels):
    other = dataclasses.replace(listed, pack="other-1")
    with pytest.raises(PipelineError) as refused:
        process_frame(engine, jpeg=write_jpeg(collins_pixels), tracks=Tracks(), gallery=other, policy=POLICY, now=0)
    assert refused.value.code == "pack_mismatch"


def test_what_is_no_frame_is_refused(engine, listed):
    with pytest.raises(BadFrame):
        process_frame(engine, jpeg=b"nothing", tracks=Tracks(), gallery=listed, policy=POLICY, now=0)
