"""How does a socket end? Once, whatever ends it: its page, an error, or the server that stops."""

import asyncio
import logging
from typing import Any

from autobahn.exception import Disconnected
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from recognition.faults import describe

logger = logging.getLogger(__name__)

LEAVE_SECONDS = 3.0  # a server that stops does not wait longer for a database that is away


class SocketConsumer(AsyncJsonWebsocketConsumer):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            # Daphne is stopping. Passed on, this would have it stop at once, before the other sockets have left.
            return
        finally:
            await self._leave_in_time()

    async def leave(self) -> None:
        """What remains to be done when the socket is no more. Called once, also where `connect` did not come to its
        end."""

    async def _leave_in_time(self) -> None:
        leaving = asyncio.ensure_future(self.leave())
        await asyncio.wait([leaving], timeout=LEAVE_SECONDS)  # which lets it go on if this task is cancelled
        if not leaving.done():
            logger.warning("A socket could not be left in time.")
        elif error := leaving.exception():
            logger.warning("A socket could not be left: %s", describe(error))

    async def send_json(self, content: Any, close: bool = False) -> None:
        """To a page that may have gone: Daphne raises where it closed while it was being answered."""
        try:
            await super().send_json(content, close)
        except (Disconnected, OSError):  # Daphne's, and what ASGI tells other servers to raise
            return
