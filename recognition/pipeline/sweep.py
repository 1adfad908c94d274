"""Is the whole frame searched for faces, or are they only looked for where the tracks expect them?

Searching a 1280x720 frame costs some eight times what judging the few boxes does in which faces are expected. So while
tracks hold, the whole frame is searched a few times a second, which is how long somebody new may wait to be seen, and
between two sweeps each face is found again near where it goes. Whatever is lost there brings the sweep forward. The
first frames of a track are always swept: where it goes is not known yet, and most passages are decided on them.
"""

from dataclasses import dataclass

import numpy as np

from recognition.pipeline.detect import detect, detect_near
from recognition.pipeline.interfaces import DetectsNear, FaceDetector
from recognition.pipeline.track import expected
from recognition.pipeline.types import Face, Image, Track, Tracks

SWEEP_EVERY = 0.25  # seconds between the starts of sweeps; at 5 frames a second every second frame is one
SETTLED = 4  # frames that show a face before it is looked for where it is expected


@dataclass(frozen=True, slots=True)
class Found:
    """The faces of a frame, and when the camera's last sweep was: now, or still then."""

    faces: list[Face]
    swept: float | None


def find(detector: FaceDetector, image: Image, *, tracks: Tracks, min_face: int, now: float) -> Found:
    """The frame's faces, by the cheaper way where that is enough; a detector that only sweeps always does."""
    held = held_tracks(tracks)
    settled = bool(held) and all(track.frames >= SETTLED for track in held)
    if isinstance(detector, DetectsNear) and settled and not is_due(tracks.swept, now):
        faces = detect_near(detector, image, np.array([expected(track, now) for track in held], np.float32))
        if len(faces) == len(held):
            return Found(faces, tracks.swept)
    return Found(detect(detector, image, min_face=min_face), now)


def held_tracks(tracks: Tracks) -> list[Track]:
    """The tracks whose face was in the camera's last frame."""
    last = max((track.seen for track in tracks.items), default=0.0)
    return [track for track in tracks.items if track.seen == last]


def is_due(swept: float | None, now: float) -> bool:
    """Whether the last sweep is too long ago, or lies in the future, where a clock was set back."""
    return swept is None or not 0 <= now - swept < SWEEP_EVERY
