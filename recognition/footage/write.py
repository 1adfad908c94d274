"""How does the footage get into a file? WebM for browsers and OpenCV, MJPEG for a browser's fake camera."""

import secrets
from pathlib import Path

import cv2
import numpy as np

from recognition.pipeline.picture import write_jpeg

from .scene import FPS, SIZE, frames

CODEC = "VP80"  # plays in every Chromium and Firefox, and OpenCV's own FFmpeg writes and reads it
MJPEG_QUALITY = 85
FAKE_CAMERA_FPS = 30  # at which Chromium plays an MJPEG file, whatever it was made at


def make_sample(path: Path) -> Path:
    """Write the footage to `path`, which must end in .webm; takes about 6 s of one core and 2 MB.

    Made aside and renamed, so that no half file is ever seen; by as many at once as like to.
    """
    if path.suffix != ".webm":
        raise ValueError(f"The sample footage is WebM; {path.name} must end in .webm.")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part.webm")
    writer = cv2.VideoWriter(str(part), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*CODEC), FPS, SIZE)
    if not writer.isOpened():
        raise OSError(f"OpenCV cannot write {CODEC} to {part}: the folder is not writable, or its FFmpeg is missing.")
    try:
        for frame in frames():
            writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
        writer.release()
        return part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def make_mjpeg(path: Path, video: Path) -> Path:
    """Write the frames of `video` as concatenated JPEGs, as Chromium's --use-file-for-fake-video-capture reads them.

    Each is repeated so that a fake camera, which runs at 30 frames a second, shows the footage at its own speed; it
    starts again from the beginning at the end.
    """
    reader = cv2.VideoCapture(str(video))
    if not reader.isOpened():
        raise OSError(f"{video} cannot be read as a video.")
    times = max(1, round(FAKE_CAMERA_FPS / (reader.get(cv2.CAP_PROP_FPS) or FAKE_CAMERA_FPS)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        while True:
            more, frame = reader.read()
            if not more:
                break
            out.write(times * write_jpeg(np.asarray(frame, np.uint8)[:, :, ::-1], quality=MJPEG_QUALITY))
    reader.release()
    return path
