"""When the whole frame is searched: on a detector that knows where the faces are, and on the real one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from recognition.pipeline.enrol import assess_reference
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.limits import LIVE
from recognition.pipeline.picture import read_picture, write_jpeg
from recognition.pipeline.run import process_frame
from recognition.pipeline.sweep import SETTLED, SWEEP_EVERY, find
from recognition.pipeline.track import follow
from recognition.pipeline.trackcodec import from_json, to_json
from recognition.pipeline.types import Face, FrameResult, Gallery, Image, Policy, Tracks

FRAME = np.zeros((720, 1280, 3), np.uint8)
STEP = 0.1  # seconds between frames
POLICY = Policy(threshold=0.985, spread=0.0044, quality=LIVE)


class Street:
    """A detector before which faces of 100 px stand at known places; it keeps account of its sweeps."""

    def __init__(self) -> None:
        self.places: list[float] = []
        self.sweeps = 0

    def detect(self, image: Image, min_face: int) -> list[Face]:
        self.sweeps += 1
        return [_face(x) for x in self.places]

    def detect_near(self, image: Image, boxes: NDArray[np.float32]) -> list[Face]:
        return [_face(x) for x in self.places if (abs(boxes[:, 0] - x) < 50).any()]


class SweepsOnly:
    """A detector as a pack may have it that knows no other way."""

    def __init__(self) -> None:
        self.sweeps = 0

    def detect(self, image: Image, min_face: int) -> list[Face]:
        self.sweeps += 1
        return [_face(100)]


def _face(x: float) -> Face:
    return Face(np.array([x, 300, 100, 100], np.float32), np.zeros((5, 2), np.float32), 0.9)


def seen(detector: Street, frames: Iterable[list[float]], *, step: float = STEP) -> Iterator[tuple[int, int]]:
    """Of each frame how many faces were found, and how many sweeps there were until then; the first is at 1000 s."""
    tracks = Tracks()
    for number, places in enumerate(frames):
        detector.places = places
        now = 1000 + number * step
        found = find(detector, FRAME, tracks=tracks, min_face=60, now=now)
        tracks = replace(follow(tracks, found.faces, now=now, life=2.0).tracks, swept=found.swept)
        tracks = from_json(to_json(tracks))
        yield len(found.faces), detector.sweeps


def test_an_empty_scene_is_swept_in_every_frame() -> None:
    assert list(seen(Street(), [[]] * 4)) == [(0, 1), (0, 2), (0, 3), (0, 4)]


def test_while_tracks_hold_the_scene_is_swept_now_and_then() -> None:
    walker = [[100.0 + 5 * i] for i in range(SETTLED + 7)]
    sweeps = [sweeps for _, sweeps in seen(Street(), walker)]
    assert [sweep - SETTLED for sweep in sweeps[SETTLED - 1 :]] == [0, 0, 0, 1, 1, 1, 2, 2]


def test_the_first_frames_of_a_face_are_all_swept() -> None:
    """Also where others have been there for long."""
    frames = [[100.0]] * 20 + [[100.0, 900.0]] * (SETTLED + 2)
    sweeps = [sweeps for count, sweeps in seen(Street(), frames) if count == 2]
    assert np.diff(sweeps).tolist()[:SETTLED] == [1] * (SETTLED - 1) + [0]


@pytest.mark.parametrize(("fps", "longest"), [(2, 0), (4, 0), (5, 1), (10, 2), (25, 6)])
def test_somebody_new_is_found_before_the_next_sweep_is_over(fps: int, longest: int) -> None:
    """Beside somebody who stays; `longest` in frames, over every moment at which one may come."""
    late = []
    for comes in range(1, SETTLED + 15):
        frames = [[100.0]] * comes + [[100.0, 900.0]] * 10
        faces = [count for count, _ in seen(Street(), frames, step=1 / fps)]
        late.append(faces.index(2) - comes)
    assert max(late) == longest
    assert longest / fps <= SWEEP_EVERY


def test_a_lost_face_is_searched_for_in_the_same_frame() -> None:
    jumps = [[100.0]] * (SETTLED + 1) + [[700.0]]
    assert list(seen(Street(), jumps))[-2:] == [(1, SETTLED), (1, SETTLED + 1)]


def test_one_of_two_who_goes_is_searched_for_once() -> None:
    frames = [[100.0, 900.0]] * (SETTLED + 1) + [[100.0]] * 3
    assert [sweeps - SETTLED for _, sweeps in seen(Street(), frames)][SETTLED:] == [0, 1, 1, 1]


def test_a_scene_that_was_left_is_swept_in_every_frame() -> None:
    assert [sweeps for _, sweeps in seen(Street(), [[100.0], [], [], []])] == [1, 2, 3, 4]


def test_a_detector_without_the_other_way_sweeps_every_frame() -> None:
    detector = SweepsOnly()
    assert [sweeps for _, sweeps in seen(detector, [[]] * 3)] == [1, 2, 3]


def test_a_clock_that_was_set_back_does_not_end_the_sweeps() -> None:
    detector, tracks = Street(), Tracks()
    detector.places = [100]
    for _ in range(SETTLED):
        tracks = follow(tracks, [_face(100)], now=1000, life=2.0).tracks
    near = find(detector, FRAME, tracks=replace(tracks, swept=1000.0), min_face=60, now=1000.1)
    back = find(detector, FRAME, tracks=replace(tracks, swept=2000.0), min_face=60, now=1000.1)
    assert (near.swept, back.swept) == (1000.0, 1000.1)


def scene(picture: Image, *, scale: float, x: int) -> Image:
    """A photograph on a grey 1280x720 frame."""
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    frame = np.full((720, 1280, 3), 110, np.uint8)
    part = small[:700, : 1280 - x]
    frame[10 : 10 + part.shape[0], x : x + part.shape[1]] = part
    return frame


def passage(engine: Engine, gallery: Gallery, picture: Image, *, sweeping: bool) -> list[FrameResult]:
    """Results of one who comes nearer, ten frames a second; `sweeping`: every frame is swept, as the first is."""
    tracks, results = Tracks(), []
    for number in range(16):
        jpeg = write_jpeg(scene(picture, scale=0.7 + 0.02 * number, x=200 + 20 * number), quality=85)
        if sweeping:
            tracks = replace(tracks, swept=None)
        now = 1000 + number * STEP
        result = process_frame(engine, jpeg=jpeg, tracks=tracks, gallery=gallery, policy=POLICY, now=now)
        tracks = from_json(to_json(result.tracks))
        results.append(result)
    return results


@pytest.fixture(scope="module")
def listed(engine: Engine, collins: bytes) -> Gallery:
    template = assess_reference(engine, collins).template
    return Gallery(template[np.newaxis], ["photograph"], ["collins"], version=1, pack=engine.pack)


def test_between_sweeps_a_face_is_found_where_a_sweep_finds_it(
    engine: Engine, listed: Gallery, collins: bytes, hopper: bytes
) -> None:
    for data in (collins, hopper):
        between, swept = (passage(engine, listed, read_picture(data), sweeping=sweeping) for sweeping in (False, True))
        assert len({result.tracks.swept for result in between}) == SETTLED + 4  # of 16
        for ours, theirs in zip(between, swept, strict=True):
            assert [face.track for face in ours.faces] == [face.track for face in theirs.faces] == ["1"]
            box, other = np.array(ours.faces[0].box), np.array(theirs.faces[0].box)
            assert np.abs(box - other).max() < 0.15 * other[2]


def test_a_listed_person_alerts_as_early_as_with_every_frame_swept(
    engine: Engine, listed: Gallery, collins: bytes
) -> None:
    between, swept = (
        [len(result.candidates) for result in passage(engine, listed, read_picture(collins), sweeping=sweeping)]
        for sweeping in (False, True)
    )
    assert between == swept
    assert sum(swept) == 1


def test_what_is_no_face_is_not_kept_up(engine: Engine, hopper: bytes) -> None:
    """A box is expected where by now there is only a wall."""
    empty = np.full((720, 1280, 3), 110, np.uint8)
    assert engine.detector.detect_near(empty, np.array([[400, 200, 120, 150]], np.float32)) == []
    assert engine.detector.detect_near(empty, np.array([[-400, 200, 120, 150]], np.float32)) == []
    assert engine.detector.detect_near(empty, np.zeros((0, 4), np.float32)) == []
