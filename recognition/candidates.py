"""How does a candidate's picture get from one worker to another? Sealed, in a key that expires, and read once.

A mark without a picture stands beside it until verification has answered: a candidate that is lost on the way (a
server restarts, a worker is killed) is known by it, and handed on again while the person is still seen.

What is sealed holds everything, so that the task's message is ids alone. The key is the deployment's: what is left
when a deployment's key is destroyed cannot be opened. A candidate reaches the database with its alert or not at all.
"""

import json
import secrets
import struct
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from recognition.conf import conf
from recognition.connections import blocking, key
from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.types import Candidate
from watchlist import vault

_LENGTH = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A candidate with what gives its score a meaning."""

    camera: str
    subject: str
    reference: str
    received: float  # server time of the probe's frame, seconds since the epoch
    score: float
    frames: int
    list_size: int
    list_version: int
    pack: str
    quality: dict[str, Any]
    landmarks: list[list[float]]  # five points in the probe
    probe: bytes  # JPEG

    @property
    def points(self) -> NDArray[np.float32]:
        return np.array(self.landmarks, dtype=np.float32)


def waiting(candidate: Candidate, *, camera: UUID, received: float, list_size: int, version: int, pack: str) -> Waiting:
    return Waiting(
        camera=str(camera),
        subject=candidate.subject,
        reference=candidate.reference,
        received=received,
        score=candidate.score,
        frames=candidate.frames,
        list_size=list_size,
        list_version=version,
        pack=pack,
        quality=asdict(candidate.quality),
        landmarks=candidate.landmarks.tolist(),
        probe=write_jpeg(candidate.crop),
    )


def leave(candidate: Waiting, *, deployment: UUID) -> str:
    """Keeps a candidate for verification, for ten seconds. Returns the id to collect it with."""
    pk = secrets.token_hex(16)
    fields = asdict(candidate)
    probe = fields.pop("probe")
    header = json.dumps(fields).encode()
    sealed = vault.seal(
        _LENGTH.pack(len(header)) + header + probe, key=vault.deployment_key(deployment), context=_context(pk)
    )
    with blocking().pipeline() as pipe:
        pipe.set(_key(pk), sealed, px=_ms(conf().candidate_life))
        pipe.set(_mark(candidate.camera, candidate.subject, candidate.received), 1, px=_ms(conf().unanswered_life))
        pipe.execute()
    return pk


def collect(pk: str, *, deployment: UUID) -> Waiting | None:
    """The candidate, which is gone from Redis from then on. None where it has been collected, or waited too long."""
    sealed = blocking().getdel(_key(pk))
    if not isinstance(sealed, bytes):
        return None
    opened = vault.unseal(sealed, key=vault.deployment_key(deployment), context=_context(pk))
    (length,) = _LENGTH.unpack_from(opened)
    end = _LENGTH.size + length
    return Waiting(**json.loads(opened[_LENGTH.size : end]), probe=opened[end:])


def answered(candidate: Waiting) -> None:
    """Whatever the answer is, the same passage asks no second time."""
    blocking().delete(_mark(candidate.camera, candidate.subject, candidate.received))


def unanswered(camera: UUID, subject: str, *, received: float) -> bool:
    """Whether the candidate of that moment was left and has had no answer."""
    return bool(blocking().exists(_mark(camera, subject, received)))


def _mark(camera: UUID | str, subject: str, received: float) -> str:
    return key("unanswered", camera, subject, round(received, 4))  # as exactly as a track remembers it


def _key(pk: str) -> str:
    return key("candidate", pk)


def _context(pk: str) -> str:
    return f"candidate:{pk}"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
