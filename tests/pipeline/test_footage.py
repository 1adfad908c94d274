"""The sample footage does what the demonstration promises: an alert for the one who is listed, early, and no other."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from recognition.footage import FPS, SIZE, make_mjpeg, make_sample
from recognition.footage.people import Photograph
from recognition.footage.scene import frames
from recognition.packs.calibration import shipped
from recognition.pipeline.enrol import assess_reference
from recognition.pipeline.limits import LIVE
from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.run import process_frame
from recognition.pipeline.types import Gallery, Policy, Tracks

SENT_EVERY = 2  # frames; a camera page sends about five a second


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    return make_sample(tmp_path_factory.mktemp("footage") / "sample.webm")


def pictures(video):
    reader = cv2.VideoCapture(str(video))
    while (read := reader.read())[0]:
        yield np.asarray(read[1][:, :, ::-1], np.uint8)


def candidates(engine, video, listed):
    """[(second, subject)] of a run with these people listed, at the default threshold."""
    templates = np.stack([assess_reference(engine, data).template for data in listed.values()])
    gallery = Gallery(templates, list(listed), list(listed), version=1, pack=engine.pack)
    calibration = shipped(engine.pack)
    threshold = calibration.threshold_for(templates=len(gallery))
    policy = Policy(threshold=threshold, spread=calibration.spread, quality=LIVE)
    tracks, found = Tracks(), []
    for number, picture in enumerate(pictures(video)):
        if number % SENT_EVERY == 0:
            second, jpeg = number / FPS, write_jpeg(picture, quality=80)
            result = process_frame(engine, jpeg=jpeg, tracks=tracks, gallery=gallery, policy=policy, now=second)
            tracks = result.tracks
            found += [(second, candidate.subject) for candidate in result.candidates]
    return found


def test_it_is_the_same_on_every_run():
    for once, again in itertools.islice(zip(frames(), frames(), strict=True), 0, 60, 20):
        assert (once == again).all()


def test_it_has_the_length_and_size_it_says(video):
    shapes = [picture.shape for picture in pictures(video)]
    assert set(shapes) == {(SIZE[1], SIZE[0], 3)}
    assert 12 <= len(shapes) / FPS <= 15


def test_collins_alone_is_found_and_early(engine, video, collins):
    found = candidates(engine, video, {"collins": collins})
    assert [subject for _, subject in found] == ["collins"]
    assert found[0][0] < 3


def test_hopper_is_found_when_she_is_the_one_listed(engine, video, hopper):
    assert [subject for _, subject in candidates(engine, video, {"hopper": hopper})] == ["hopper"]


def test_the_fake_cameras_file_holds_every_frame_at_its_own_speed(video, tmp_path):
    data = make_mjpeg(tmp_path / "camera.mjpeg", video).read_bytes()
    assert data.count(b"\xff\xd8\xff") == 30 // FPS * len(list(pictures(video)))
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape == (SIZE[1], SIZE[0], 3)


def test_bad_paths_are_refused_with_a_reason(tmp_path):
    with pytest.raises(ValueError, match="webm"):
        make_sample(tmp_path / "sample.mp4")
    with pytest.raises(OSError, match="cannot be read"):
        make_mjpeg(tmp_path / "out.mjpeg", tmp_path / "absent.webm")


def test_two_who_make_it_at_once_both_have_it_and_leave_nothing_else(tmp_path):
    path = tmp_path / "sample.webm"
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(make_sample, [path, path])) == [path, path]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("package", ["pytest", "no-such-package"])
def test_a_missing_photograph_is_named(package):
    with pytest.raises(FileNotFoundError, match=r"absent\.png"):
        Photograph("nobody", package, "absent.png", ()).path()
