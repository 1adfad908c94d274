"""Which face is which from frame to frame, before one camera? Boxes only; nothing of what a face looks like."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.types import Box, Face, Track, Tracks

MAX_STEP = 1.0  # centre distance in mean box sides; a walker at 2 m moves about half a face in 0.2 s
LONGEST_GUESS = 0.7  # seconds a walker is taken to go on as before; about as long as one hides another
FRESHNESS = 0.4  # share of a new velocity in the smoothed one: boxes jitter by a twentieth of a face
MAX_GROWTH = 1.8  # ratio of box sides beyond which it is another face


@dataclass(frozen=True, slots=True)
class Followed:
    """The camera's tracks after a frame, and for each of its faces the id of the track it belongs to."""

    tracks: Tracks
    ids: tuple[str, ...]


def follow(tracks: Tracks, faces: list[Face], *, now: float, life: float) -> Followed:
    """Carry on the tracks whose face is seen again, end those unseen for more than `life` seconds, begin new ones."""
    alive = [track for track in tracks.items if now - track.seen <= life]
    boxes = np.array([face.box for face in faces], dtype=np.float32).reshape(-1, 4)
    owner = match(np.array([expected(track, now) for track in alive], dtype=np.float32).reshape(-1, 4), boxes)
    next_id, ids = tracks.next_id, []
    for face_index, face in enumerate(faces):
        if face_index in owner:
            index = owner[face_index]
            alive[index] = _carried_on(alive[index], face.xywh, now)
        else:
            index, alive = len(alive), [*alive, _born(next_id, face.xywh, now)]
            next_id += 1
        ids.append(alive[index].id)
    return Followed(replace(tracks, items=tuple(alive), next_id=next_id), tuple(ids))


def match(old: NDArray[np.float32], new: NDArray[np.float32]) -> dict[int, int]:
    """{index of new box: index of old box}: nearest pairs first, each box used once; (n, 4) and (m, 4), x y w h.

    Nearness is overlap (IoU) less centre distance in box sides, so it still tells faces apart that moved clear of
    their last box. Greedy is exact enough for the handful of faces of a frame.
    """
    if not len(old) or not len(new):
        return {}
    side_old, side_new = _sides(old)[:, None], _sides(new)[None, :]
    step = np.linalg.norm(_centres(old)[:, None] - _centres(new)[None, :], axis=2) * 2 / (side_old + side_new)
    growth = np.maximum(side_old / side_new, side_new / side_old)
    nearness = np.where((step <= MAX_STEP) & (growth <= MAX_GROWTH), iou(old, new) - step, -np.inf)
    pairs: dict[int, int] = {}
    for flat in np.argsort(-nearness, axis=None, kind="stable"):
        i, j = divmod(int(flat), len(new))
        if nearness[i, j] == -np.inf:
            break
        if j not in pairs and i not in pairs.values():
            pairs[j] = i
    return pairs


def iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 4) and (m, 4) boxes x y w h to (n, m) intersection over union; 0 where there is no area."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum((a[:, :2] + a[:, 2:])[:, None], (b[:, :2] + b[:, 2:])[None, :])
    shared = (high - low).clip(0).prod(axis=2)
    whole = a[:, 2:].prod(axis=1)[:, None] + b[:, 2:].prod(axis=1)[None, :] - shared
    return np.asarray(shared / np.maximum(whole, 1e-9), dtype=np.float32)


def expected(track: Track, now: float) -> Box:
    """Where the face should be now, if it goes on as it did."""
    x, y, width, height = track.box
    ahead = min(now - track.seen, LONGEST_GUESS)
    return x + track.velocity[0] * ahead, y + track.velocity[1] * ahead, width, height


def _carried_on(track: Track, box: Box, now: float) -> Track:
    passed = max(now - track.seen, 1e-3)
    moved = [(box[i] + box[i + 2] / 2 - track.box[i] - track.box[i + 2] / 2) / passed for i in (0, 1)]
    vx, vy = (old + FRESHNESS * (new - old) for old, new in zip(track.velocity, moved, strict=True))
    return replace(track, box=box, seen=now, frames=track.frames + 1, velocity=(vx, vy))


def _centres(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(boxes[:, :2] + boxes[:, 2:] / 2, dtype=np.float32)


def _sides(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.sqrt(boxes[:, 2:].prod(axis=1)).clip(1e-6), dtype=np.float32)


def _born(number: int, box: Box, now: float) -> Track:
    return Track(id=str(number), box=box, born=now, seen=now, frames=1, usable=0, best_quality=0.0)
