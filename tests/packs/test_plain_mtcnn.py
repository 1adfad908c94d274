"""What the speed is measured against does the same work: it finds the same faces, at about the same places."""

import numpy as np
import pytest

from benchmarks.passages import FRAMES, Passage, jpegs
from benchmarks.plain_mtcnn import PlainMtcnn
from recognition.pipeline.decode import decode
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.types import Image

LANDMARK_SHARE = 0.15  # of the face's width; its crops are cut at whole pixels


@pytest.fixture(scope="module")
def crowd() -> list[bytes]:
    return jpegs(Passage.CROWD)


def test_the_plain_detector_finds_the_faces_of_the_product(
    engine: Engine, portraits: dict[str, Image], crowd: list[bytes]
) -> None:
    plain = PlainMtcnn()
    for image in (*portraits.values(), *(decode(jpeg) for jpeg in crowd[10::20])):
        boxes, landmarks = plain.detect(image, 60)
        faces = engine.detector.detect(image, 60)
        assert 0 < len(faces) <= len(boxes) <= len(faces) + 1  # one more may be half hidden
        for face in faces:
            apart = np.linalg.norm(landmarks - face.landmarks, axis=2).mean(axis=1)
            assert apart.min() < LANDMARK_SHARE * face.box[2]


def test_an_empty_frame_has_no_faces() -> None:
    boxes, landmarks = PlainMtcnn().detect(np.full((120, 200, 3), 90, np.uint8), 60)
    assert (boxes.shape, landmarks.shape) == ((0, 4), (0, 5, 2))


def test_the_walker_comes_near_and_the_crowd_is_one(engine: Engine, crowd: list[bytes]) -> None:
    walker = jpegs(Passage.WALKER)
    assert len(walker) == len(crowd) == FRAMES
    first, last = (engine.detector.detect(decode(walker[frame]), 40) for frame in (0, -1))
    assert [len(first), len(last)] == [1, 1]
    assert 55 < first[0].box[3] < 75
    assert 230 < last[0].box[3] < 270
    assert len(engine.detector.detect(decode(crowd[FRAMES // 2]), 60)) >= 5
