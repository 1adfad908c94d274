"""How far off is the clock of the machine that sends? Measured at connect, said when it matters.

Records use the server's clock alone; the sender's serves its own latency figure, which a wrong clock does not spoil.
But an operator whose clock is off writes down other times than the record has.
"""

import json
from dataclasses import dataclass
from typing import Any

from watchlist.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Clock:
    tolerance: float  # seconds

    def hello(self, *, now: float) -> dict[str, Any]:
        """The first message: asks for `{"type":"clock","server_ms":<this>,"client_ms":<now at the sender>}`."""
        return {"type": "hello", "server_ms": round(now * 1000)}

    def compare(self, text: str, *, now: float) -> dict[str, Any]:
        """The answer to a clock message: the offset, and a sentence where it is over the tolerance.

        The sender's time was read about half way between the server's question and now. Raises InvalidInput for any
        other text.
        """
        try:
            message = json.loads(text)
            if message["type"] != "clock":
                raise ValueError(message["type"])
            asked, read = float(message["server_ms"]), float(message["client_ms"])
            offset_ms = round(read - (asked + now * 1000) / 2)
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise InvalidInput("malformed", "Send frames as binary messages, and of text only the clock's.") from error
        reply: dict[str, Any] = {"type": "clock", "offset_ms": offset_ms}
        if abs(offset_ms) > self.tolerance * 1000:
            direction = "ahead of" if offset_ms > 0 else "behind"
            reply["message"] = (
                f"This machine's clock is {abs(offset_ms) / 1000:.0f} s {direction} the server's. "
                "The record uses the server's time; set this clock."
            )
        return reply
