"""Which frames of a socket still wait for their end? Each ends exactly once: result, dropped or refused."""

from dataclasses import dataclass, field

from watchlist.errors import InvalidInput

# Of a sequence that runs from 0 to 2^32 - 1 and then begins again: less than half of it lies ahead.
_WRAP = 2**32


@dataclass(slots=True)
class Unfinished:
    """Bounded by the mailbox: one frame in work, one waiting, and those whose job was lost until they are overdue."""

    life: float  # seconds
    _deadlines: dict[int, float] = field(default_factory=dict)
    _last: int | None = None
    dropped: int = 0
    results: int = 0

    def __len__(self) -> int:
        return len(self._deadlines)

    def begin(self, sequence: int, *, now: float) -> None:
        """Raises InvalidInput for a sequence that is not ahead of the last: it could end twice."""
        if self._last is not None and not 0 < (sequence - self._last) % _WRAP < _WRAP // 2:
            raise InvalidInput("sequence", f"Sequence numbers must rise: {sequence} came after {self._last}.")
        self._last = sequence
        self._deadlines[sequence] = now + self.life

    def end(self, sequence: int, *, kind: str) -> bool:
        """True the first time; what comes later for the same frame is not sent on."""
        if self._deadlines.pop(sequence, None) is None:
            return False
        self.dropped += kind == "dropped"
        self.results += kind == "result"
        return True

    def overdue(self, *, now: float) -> list[int]:
        return [sequence for sequence, deadline in self._deadlines.items() if deadline <= now]
