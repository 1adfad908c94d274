"""Is a camera's feed alive? Frames that come, change and are looked at; judged in the socket's own memory."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b


class FeedState(StrEnum):
    WATCHING = "watching"  # frames come and results go back
    SILENT = "silent"  # no frame for a while
    FROZEN = "frozen"  # the same bytes again and again: no sensor repeats its noise
    BEHIND = "behind"  # frames come, but none has been looked at for a while
    OFF = "off"  # the socket has closed


@dataclass(slots=True)
class Feed:
    """Times are seconds of the server's monotonic clock. Of a frame nothing is kept but a hash of the last."""

    started: float
    silent_after: float
    frozen_after: float
    frames: int = 0
    watched: float = 0.0  # seconds in which frames were looked at
    gaps: int = 0  # times it stopped being so
    _last_frame: float = field(init=False)
    _last_change: float = field(init=False)
    _last_result: float = field(init=False)
    _last_look: float = field(init=False)
    _digest: bytes = b""
    _state: FeedState = FeedState.SILENT

    def __post_init__(self) -> None:
        self._last_frame = self._last_change = self._last_result = self._last_look = self.started

    def frame(self, jpeg: bytes, *, now: float) -> None:
        self.frames += 1
        self._last_frame = now
        digest = blake2b(jpeg, digest_size=16).digest()
        if digest != self._digest:
            self._digest, self._last_change = digest, now

    def result(self, *, now: float) -> None:
        self._last_result = now

    def look(self, *, now: float) -> FeedState:
        """The state now; call it regularly, since time watched and gaps are counted between calls."""
        state = self._judge(now)
        if state == FeedState.WATCHING:
            self.watched += now - self._last_look
        elif self._state == FeedState.WATCHING:
            self.gaps += 1
        self._last_look, self._state = now, state
        return state

    def coverage(self, *, now: float) -> float:
        """Share of the time since the socket opened in which frames were looked at."""
        return self.watched / (now - self.started) if now > self.started else 0.0

    def _judge(self, now: float) -> FeedState:
        if now - self._last_frame > self.silent_after or not self.frames:
            return FeedState.SILENT
        if now - self._last_change > self.frozen_after:
            return FeedState.FROZEN
        if now - self._last_result > self.silent_after or self._last_result == self.started:
            return FeedState.BEHIND
        return FeedState.WATCHING
