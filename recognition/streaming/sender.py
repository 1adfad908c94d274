"""How do pictures get to the server? As from a browser: two unfinished at most, newest first, two seconds for each."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from time import time
from typing import Any, Literal
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from recognition.consumers.protocol import FrameMessage, pack
from recognition.streaming.figures import End, Figures
from recognition.streaming.sources import Picture

MOST_UNFINISHED = 2
GIVE_UP_MS = 2000.0
REFUSED_FROM = 4400  # the server's own close codes: asking again does not help
PATIENCE = 1.5  # seconds before frames are tried again after a refusal


class SendRefused(Exception):
    """The server does not take frames from here; the message is the server's."""


class ConnectionLost(Exception):
    """There is no connection, or no longer."""


class Newest:
    """Room for one picture: a newer one takes the place of one that was not sent in time."""

    def __init__(self) -> None:
        self._picture: Picture | None = None
        self._changed = asyncio.Event()
        self._over = False

    def put(self, picture: Picture) -> None:
        self._picture = picture
        self._changed.set()

    def end(self) -> None:
        self._over = True
        self._changed.set()

    async def get(self) -> Picture | None:
        """Waits for a picture; None when no more will come."""
        while self._picture is None:
            if self._over:
                return None
            self._changed.clear()
            await self._changed.wait()
        picture, self._picture = self._picture, None
        return picture


@dataclass
class Sender:
    """One connection. `say` is told what the server says of the deployment, in sentences."""

    connection: ClientConnection
    figures: Figures
    say: Callable[[str], None]
    on_result: Callable[[dict[str, Any]], None] = lambda _: None
    _sequence: int = 0
    _unfinished: dict[int, float] = field(default_factory=dict)  # capture times, ms
    _room: asyncio.Event = field(default_factory=asyncio.Event)
    _said: str = ""
    _refused_at: float = 0.0

    async def run(self, pictures: Newest) -> None:
        """Sends until no more pictures come and what was sent has ended. Raises SendRefused or ConnectionLost."""
        listening = asyncio.create_task(self._listen())
        sending = asyncio.create_task(self._send_all(pictures))
        done, waiting = await asyncio.wait({listening, sending}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for sequence in list(self._unfinished):
            self._end(sequence, End.GIVEN_UP)
        for task in done:
            task.result()

    async def _send_all(self, pictures: Newest) -> None:
        while True:
            await self._wait_for_room()
            picture = await pictures.get()
            if picture is None:
                break
            if time() - self._refused_at < PATIENCE:
                continue
            self._sequence = (self._sequence + 1) % 2**32
            self._unfinished[self._sequence] = picture.captured_ms
            self.figures.sent += 1
            message = FrameMessage(self._sequence, picture.captured_ms, picture.jpeg)
            try:
                await self.connection.send(pack(message))
            except ConnectionClosed:
                await asyncio.sleep(GIVE_UP_MS / 1000)  # `_listen` hears the same and says why
                raise ConnectionLost("The connection was closed.") from None
        while self._unfinished:
            await self._wait_for_room(most=1)

    async def _wait_for_room(self, most: int = MOST_UNFINISHED) -> None:
        while True:
            self._give_up()
            if len(self._unfinished) < most:
                return
            self._room.clear()
            try:
                await asyncio.wait_for(self._room.wait(), timeout=0.1)
            except TimeoutError:
                continue

    def _give_up(self) -> None:
        now_ms = time() * 1000
        for sequence in [s for s, captured in self._unfinished.items() if now_ms - captured > GIVE_UP_MS]:
            self._end(sequence, End.GIVEN_UP)

    async def _listen(self) -> None:
        try:
            async for text in self.connection:
                await self._hear(json.loads(text))
        except ConnectionClosed:
            pass
        code = self.connection.close_code
        if code is not None and code >= REFUSED_FROM:
            raise SendRefused(self._said or f"The server closed the connection with code {code}.")
        raise ConnectionLost("The server closed the connection.")

    async def _hear(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "result":
                self.figures.faces += len(message["faces"])
                self._end(message["seq"], End.RESULT)
                self.on_result(message)
            case "dropped":
                self._end(message["seq"], End.DROPPED)
            case "refused":
                self._refused_at = time()
                self._end(message.get("seq"), End.REFUSED)
                self._tell(message["message"])
            case "status":
                self._tell(message["message"] or "The deployment is live.")
            case "hello":
                await self.connection.send(
                    json.dumps({"type": "clock", "server_ms": message["server_ms"], "client_ms": time() * 1000})
                )
            case "clock" if "message" in message:
                self._tell(message["message"])

    def _end(self, sequence: int | None, end: End) -> None:
        captured_ms = self._unfinished.pop(sequence, None) if sequence is not None else None
        if captured_ms is not None:
            self.figures.ended(end, after_ms=time() * 1000 - captured_ms)
            self._room.set()

    def _tell(self, sentence: str) -> None:
        if sentence != self._said:
            self._said = sentence
            self.say(sentence)


@asynccontextmanager
async def connected(url: str, token: str) -> AsyncIterator[ClientConnection]:
    """An open socket. Raises ConnectionLost where there is none to be had."""
    headers = {"Authorization": f"Token {token}"} if token else {}
    try:
        # Without compression: a JPEG does not get smaller. Without a limit: the server's messages are its own.
        connection = await connect(
            url, additional_headers=headers, compression=None, max_size=None, proxy=_proxy_for(url)
        )
    except InvalidURI as error:
        raise ConnectionLost(f"{url} is not the address of a socket: write ws://host:port.") from error
    except (OSError, InvalidHandshake) as error:
        raise ConnectionLost(f"No connection to {url}: is the server running? ({type(error).__name__})") from error
    try:
        yield connection
    finally:
        await connection.close()


def _proxy_for(url: str) -> Literal[True] | None:
    """True means the one in the environment, if any; this machine itself is reached without."""
    try:
        host = urlsplit(url).hostname or ""
        return None if host == "localhost" or ip_address(host).is_loopback else True
    except ValueError:
        return True
