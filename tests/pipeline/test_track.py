import numpy as np
import pytest

from recognition.pipeline.track import follow, iou, match
from recognition.pipeline.types import Face, Tracks


def boxes(*rows):
    return np.array(rows, np.float32).reshape(-1, 4)


def face(x, y=0, side=50):
    return Face(np.array([x, y, side, side], np.float32), np.zeros((5, 2), np.float32), 0.9)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0),
        ((0, 0, 10, 10), (5, 0, 10, 10), 1 / 3),
        ((0, 0, 10, 10), (10, 0, 10, 10), 0.0),
        ((0, 0, 10, 10), (90, 90, 10, 10), 0.0),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0.0),
    ],
)
def test_iou(a, b, expected):
    assert iou(boxes(a), boxes(b))[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([], [], {}),
        ([(0, 0, 50, 50)], [], {}),
        ([], [(0, 0, 50, 50)], {}),
        ([(0, 0, 50, 50)], [(5, 5, 50, 50)], {0: 0}),
        ([(0, 0, 50, 50)], [(45, 0, 50, 50)], {0: 0}),  # hardly overlaps, still near
        ([(0, 0, 50, 50)], [(60, 0, 50, 50)], {}),  # over one face away
        ([(0, 0, 50, 50)], [(-25, -25, 100, 100)], {}),  # twice as large: somebody else
        ([(0, 0, 50, 50), (100, 0, 50, 50)], [(98, 0, 50, 50), (3, 0, 50, 50)], {0: 1, 1: 0}),
        ([(0, 0, 50, 50)], [(20, 0, 50, 50), (2, 0, 50, 50)], {1: 0}),  # two want it: the nearer has it
    ],
)
def test_match(old, new, pairs):
    assert match(boxes(*old), boxes(*new)) == pairs


def walk(steps, life=2.0):
    """Follow faces over [(now, faces)]; the ids of each step and the tracks at the end."""
    tracks, ids = Tracks(), []
    for now, faces in steps:
        followed = follow(tracks, faces, now=now, life=life)
        tracks, ids = followed.tracks, [*ids, followed.ids]
    return ids, tracks


def test_a_walker_keeps_one_track():
    ids, tracks = walk([(i * 0.2, [face(20 * i)]) for i in range(10)])
    assert set(ids) == {("1",)}
    (track,) = tracks.items
    assert (track.frames, track.born, track.seen) == (10, 0.0, pytest.approx(1.8))


@pytest.mark.parametrize(("absent", "same"), [(0.4, True), (1.9, True), (2.1, False)])
def test_a_track_outlives_its_last_box_by_its_life(absent, same):
    ids, tracks = walk([(0, [face(0)]), (absent, [face(0)])])
    assert (ids[0] == ids[1]) is same
    assert len(tracks.items) == 1


def test_ids_are_never_given_twice():
    ids, tracks = walk([(0, [face(0), face(200)]), (9, []), (9.1, [face(0)])])
    assert ids == [("1", "2"), (), ("3",)]
    assert tracks.next_id == 4


def test_two_who_pass_each_other_keep_their_tracks_while_one_is_hidden():
    steps = [(i * 0.2, [face(30 * i), face(300 - 30 * i, y=6)]) for i in range(4)]
    steps += [(i * 0.2, [face(30 * i)]) for i in (4, 5, 6)]  # the one behind is not seen
    steps += [(i * 0.2, [face(30 * i), face(300 - 30 * i, y=6)]) for i in (7, 8, 9)]
    ids, _ = walk(steps)
    assert all(step[0] == "1" for step in ids)
    assert {step[1] for step in ids if len(step) == 2} == {"2"}
