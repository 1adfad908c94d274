"""What does a camera's socket send and hear? One binary message per frame; the rest is JSON.

LFR1 | uint32 sequence | float64 capture time, ms since the epoch | JPEG          all little-endian
"""

import math
import struct
from dataclasses import dataclass
from typing import Any

from watchlist.errors import InvalidInput

MAGIC = b"LFR1"
_HEADER = struct.Struct("<4sId")
HEADER_BYTES = _HEADER.size


@dataclass(frozen=True, slots=True)
class FrameMessage:
    sequence: int
    captured_ms: float  # by the sender's clock: good for its own latency figure and nothing else
    jpeg: bytes


def pack(message: FrameMessage) -> bytes:
    return _HEADER.pack(MAGIC, message.sequence, message.captured_ms) + message.jpeg


def parse(data: bytes) -> FrameMessage:
    """Raises InvalidInput where the message is no frame; what the JPEG holds is the pipeline's to judge."""
    if len(data) <= HEADER_BYTES:
        raise InvalidInput("malformed", f"A frame message has {HEADER_BYTES} bytes of header and then a JPEG.")
    magic, sequence, captured_ms = _HEADER.unpack_from(data)
    if magic != MAGIC:
        raise InvalidInput("malformed", "A frame message begins with LFR1: see the description of the protocol.")
    if not math.isfinite(captured_ms) or captured_ms < 0:
        raise InvalidInput("malformed", "The capture time is not a number of milliseconds since the epoch.")
    return FrameMessage(sequence, captured_ms, data[HEADER_BYTES:])


def ack(sequence: int) -> dict[str, Any]:
    return {"type": "ack", "seq": sequence}


def dropped(sequence: int) -> dict[str, Any]:
    return {"type": "dropped", "seq": sequence}


def refused(sequence: int | None, code: str, message: str) -> dict[str, Any]:
    return {"type": "refused", "seq": sequence, "code": code, "message": message}
