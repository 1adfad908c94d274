"""Where do a stream's pictures come from? A video file, an address (rtsp://, http://) or a device of this machine."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep, time
from urllib.parse import urlsplit

import cv2
import numpy as np

from recognition.pipeline.picture import write_jpeg

LONGEST_SIDE = 1920  # pixels; larger pictures are scaled down, since the socket takes a megabyte at most
JPEG_QUALITY = 85
USUAL_FPS = 25.0  # of files that do not say


class SourceError(Exception):
    """The source cannot be opened, or broke off; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    captured_ms: float  # this machine's clock, ms since the epoch
    jpeg: bytes


def open_video(source: str) -> cv2.VideoCapture:
    """`source` is a path, an address, or a device: its number or /dev/videoN. Raises SourceError."""
    if source.isdigit():
        video = cv2.VideoCapture(int(source))
        advice = f"Device {source} cannot be opened: plug it in, and see that no other program uses it."
    elif urlsplit(source).scheme in ("rtsp", "rtsps", "http", "https"):
        video = cv2.VideoCapture(source, cv2.CAP_FFMPEG)
        advice = "The address does not answer with a video: check it, and that this machine can reach it."
    else:
        path = Path(source)
        if not path.exists():
            raise SourceError(f"There is no file {source}. Name a video file, an rtsp:// address or a device number.")
        video = cv2.VideoCapture(source)
        advice = f"{source} is not a video that can be read."
    if not video.isOpened():
        raise SourceError(advice)
    return video


def is_file(source: str) -> bool:
    return not source.isdigit() and not urlsplit(source).scheme and Path(source).is_file()


class Camera(threading.Thread):
    """Reads a source at its own speed and hands on at most `fps` pictures a second, each as it comes.

    `deliver` is called from this thread. A file is played at the speed it was made at, skipping what `fps` leaves out;
    a live source is read as fast as it comes, so that what is handed on is always new.
    """

    def __init__(
        self, source: str, *, fps: float, loop: bool, deliver: Callable[[Picture], None], over: Callable[[], None]
    ) -> None:
        super().__init__(name="source", daemon=True)
        self._source, self._fps, self._loop = source, fps, loop
        self._deliver, self._over = deliver, over
        self._stopping = threading.Event()
        self._video = open_video(source)  # here, so that the caller hears of what cannot be opened
        self.broke_off = False

    def stop(self) -> None:
        self._stopping.set()
        with suppress(RuntimeError):  # never started
            self.join(5)
        self._video.release()

    def run(self) -> None:
        if is_file(self._source):
            self._play()
        else:
            self._watch()
        self._over()

    def _play(self) -> None:
        own_fps = self._video.get(cv2.CAP_PROP_FPS) or USUAL_FPS
        while not self._stopping.is_set():
            started, number, last = monotonic(), 0, -1.0
            while not self._stopping.is_set() and self._video.grab():
                due = number / own_fps
                number += 1
                if due - last < 1 / self._fps - 1e-9:
                    continue
                last = due
                sleep(max(0.0, started + due - monotonic()))
                self._hand_on()
            if not self._loop:
                return
            self._video.set(cv2.CAP_PROP_POS_FRAMES, 0)
            if number == 0:
                self._video = open_video(self._source)  # some formats cannot be wound back

    def _watch(self) -> None:
        last = 0.0
        while not self._stopping.is_set():
            if not self._video.grab():
                self.broke_off = True
                return
            if monotonic() - last >= 1 / self._fps:
                last = monotonic()
                self._hand_on()

    def _hand_on(self) -> None:
        captured_ms = time() * 1000
        good, picture = self._video.retrieve()
        if good:
            self._deliver(Picture(captured_ms, _jpeg(picture)))


def _jpeg(picture: np.ndarray) -> bytes:
    """A JPEG of the BGR picture that OpenCV gives, with its longer side at most LONGEST_SIDE."""
    scale = LONGEST_SIDE / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return write_jpeg(np.ascontiguousarray(picture[:, :, ::-1]), quality=JPEG_QUALITY)
