"""How is something said to a page that may have gone? It is said or not; the page's `disconnect` comes either way."""

from typing import Any

from autobahn.exception import Disconnected
from channels.generic.websocket import AsyncJsonWebsocketConsumer


class SocketConsumer(AsyncJsonWebsocketConsumer):
    """Daphne raises where a page has closed while it was being answered. An error would end the consumer before it
    hears that the page has gone, and what is to be recorded then would be lost."""

    async def send_json(self, content: Any, close: bool = False) -> None:
        try:
            await super().send_json(content, close)
        except (Disconnected, OSError):  # Daphne's, and what ASGI tells other servers to raise
            return
