"""How does a worker tell a socket what became of its frame? Over the channel layer, to the socket that sent it.

The layer keeps one connection per event loop. A loop made anew for each message, as `async_to_sync` does, would open
and leave a connection per frame; so each thread of a worker keeps one loop.
"""

import asyncio
import os
import threading
from typing import Any

from channels.layers import get_channel_layer

ENDED = "frame.ended"  # {"type": ENDED, "reply": {...what the page is sent...}}

_loops = threading.local()


def answer(channel: str, reply: dict[str, Any]) -> None:
    """Sends `reply` to the socket behind `channel`; a socket that has gone is no error."""
    _loop().run_until_complete(get_channel_layer().send(channel, {"type": ENDED, "reply": reply}))


def _loop() -> asyncio.AbstractEventLoop:
    # A child process must not use the loop, and with it the connections, of its parent.
    if getattr(_loops, "pid", None) != os.getpid():
        _loops.pid, _loops.loop = os.getpid(), asyncio.new_event_loop()
    return _loops.loop
