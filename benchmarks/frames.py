"""What does a frame cost, beside a plain MTCNN, DeepFace and face_recognition?

    python benchmarks/frames.py walker crowd              1280x720 passages of 60 frames, made for the purpose
    python benchmarks/frames.py VIDEO --make --peers      any file OpenCV reads; --make writes the sample footage there

Frames (of a video up to --frames, evenly spaced) are stored as JPEG once; every contestant (benchmarks/contestants.py)
then decodes the same JPEGs in a process of its own, one thread each where that can be set. The processes take turns of
a few frames, so that a busy machine slows all of them alike.

`of_plain` is a contestant's CPU time over that of the plain detection alone; `ratio` is a peer's wall time over the
engine's, `cpu_ratio` the same for CPU time. Engine and plain detector look for faces of --min-face px, DeepFace's MTCNN
always for 20 px, dlib's HOG upsampled once for about 40 px: compare the faces found.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # read once, when NumPy or dlib is imported; handed on to the peers
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cv2
import numpy as np

from benchmarks import contestants
from benchmarks.passages import Passage, jpegs
from recognition.packs.registry import DEFAULT_CACHE
from recognition.pipeline.types import Policy

OURS = ("engine", "tracking")
PEERS = ("deepface", "face_recognition")
WARM_UP = 3  # frames
TURN = 5  # frames
JPEG_QUALITY = 85  # about what a browser sends
MIN_FACE = next(field.default for field in dataclasses.fields(Policy) if field.name == "min_face")


def serve(name: str, folder: Path, options: argparse.Namespace) -> None:
    """Per line of frame numbers on standard input, one line with their seconds, CPU seconds and what was seen."""
    cv2.setNumThreads(1)
    answers, sys.stdout = sys.stdout, sys.stderr  # DeepFace prints
    ours = partial(contestants.engine, min_face=options.min_face, cache=options.cache)
    builders = {
        "engine": partial(ours, carried=False),
        "tracking": partial(ours, carried=True),
        "plain": partial(contestants.plain, min_face=options.min_face),
        "deepface": contestants.deepface,
        "face_recognition": contestants.face_recognition,
    }
    frames = [path.read_bytes() for path in sorted(folder.glob("*.jpg"))]
    frame = builders[name](frames)
    for number in range(min(WARM_UP, len(frames))):
        frame(number)
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        seen = [frame(int(number)) for number in line.split()]
        counted = Counter(
            wall_ms=1000 * (time.perf_counter() - wall),
            cpu_ms=1000 * (time.process_time() - cpu),
            faces=sum(each.faces for each in seen),
            templates=sum(each.templates for each in seen),
        )
        for each in seen:
            counted.update(each.steps)
        print(json.dumps(counted), file=answers, flush=True)


def take_frames(footage: str, most: int, folder: Path) -> tuple[int, list[int]]:
    """The frames of a passage, or up to `most` of a video, as JPEG files; their number and size."""
    frames = jpegs(Passage(footage)) if footage in list(Passage) else _evenly(_read(Path(footage)), most)
    for number, jpeg in enumerate(frames):
        (folder / f"{number:06d}.jpg").write_bytes(jpeg)
    height, width = cv2.imdecode(np.frombuffer(frames[0], np.uint8), cv2.IMREAD_GRAYSCALE).shape
    return len(frames), [width, height]


def _read(video: Path) -> list[bytes]:
    capture, frames = cv2.VideoCapture(str(video)), []
    while (read := capture.read())[0]:
        frames.append(cv2.imencode(".jpg", read[1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes())
    if not frames:
        sys.exit(f"{video} holds no frame that OpenCV can read. Give a video file, or add --make to make the sample.")
    return frames


def _evenly(frames: list[bytes], most: int) -> list[bytes]:
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(most, len(frames))).round().astype(int))
    return [frames[number] for number in chosen]


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
    sums: dict[str, Counter[str]] = {name: Counter() for name in processes}
    for first in range(0, count, TURN):
        for name, process in processes.items():
            process.stdin.write(" ".join(map(str, range(first, min(first + TURN, count)))) + "\n")
            process.stdin.flush()
            sums[name].update(json.loads(process.stdout.readline()))
    return {
        name: {key: round(value / count, 2) if key.endswith("_ms") else value for key, value in counted.items()}
        for name, counted in sums.items()
    }


def measure(footage: str, options: argparse.Namespace) -> dict[str, Any]:
    names = (*OURS, "plain", *(PEERS if options.peers else ()))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        count, size = take_frames(footage, options.frames, folder)
        processes = {name: stack.enter_context(own_process(name, folder, options)) for name in names}
        report: dict[str, Any] = {"footage": footage, "frames": count, "size": size, "min_face": options.min_face}
        report |= in_turns(processes, count)
    report["of_plain"] = {name: round(report[name]["cpu_ms"] / report["plain"]["cpu_ms"], 3) for name in OURS}
    if options.peers:
        for key, unit in (("ratio", "wall_ms"), ("cpu_ratio", "cpu_ms")):
            report[key] = {name: round(report[name][unit] / report["engine"][unit], 2) for name in PEERS}
    return report


def in_words(report: dict[str, Any]) -> str:
    width, height = report["size"]
    lines = [f"{report['footage']}: {report['frames']} frames of {width}x{height}, faces of {report['min_face']} px"]
    for name in (name for name in (*OURS, "plain", *PEERS) if name in report):
        row = report[name]
        line = f"{name:16} {row['wall_ms']:7.1f} ms {row['cpu_ms']:7.1f} ms CPU {row['faces']:4.0f} faces"
        if name in OURS:
            steps = ", ".join(f"{step} {row[f'{step}_ms']:.1f}" for step in ("decode", "detect", "embed", "search"))
            line += f", {row['templates']} templates, {report['of_plain'][name]:.2f} of plain detection  ({steps})"
        if name in PEERS:
            line += f", {report['ratio'][name]:.1f} times the engine"
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("footage", nargs="+", help=f"a video, or {' or '.join(Passage)}")
    parser.add_argument("--peers", action="store_true", help="measure DeepFace and face_recognition too")
    parser.add_argument("--json", action="store_true", help="one object for each footage, a line each")
    parser.add_argument("--make", action="store_true", help="write the product's sample footage to FOOTAGE first")
    parser.add_argument("--frames", type=int, default=60, help="frames taken from a video at most")
    parser.add_argument("--min-face", type=int, default=MIN_FACE, help="pixels")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        serve(options.only, Path(options.footage[0]), options)
        return
    if options.make:
        from recognition.footage import make_sample

        make_sample(Path(options.footage[0]))
    for footage in options.footage:
        report = measure(footage, options)
        print(json.dumps(report) if options.json else in_words(report), flush=True)


if __name__ == "__main__":
    main()
