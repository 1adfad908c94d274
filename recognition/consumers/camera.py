"""The socket of one camera: frames in; for each an ack and exactly one end; how the deployment stands, unasked.

The newest socket of a camera has it: a laptop that wakes up must not wait until its old connection is found dead. The
one before it is refused with the code `replaced` and closed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from time import monotonic, time
from typing import Any

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async

from recognition import mailbox
from recognition.conf import conf
from recognition.consumers import protocol
from recognition.consumers.authentication import user_of
from recognition.consumers.clock import Clock
from recognition.consumers.feed import Feed, FeedState
from recognition.consumers.refusal import Close, signed_in, turn_away
from recognition.consumers.socket import SocketConsumer
from recognition.consumers.standing import Standing, standing_of
from recognition.consumers.unfinished import Unfinished
from recognition.consumers.use import Use, begun
from recognition.faults import describe
from recognition.mailbox import Frame
from recognition.tasks import process_frame
from watchlist.errors import InvalidInput, Refused, WatchlistError
from watchlist.events import group_name
from watchlist.models import Camera, User
from watchlist.permissions import Permission
from watchlist.selectors.deployments import camera_for

logger = logging.getLogger(__name__)

REPLACED = Refused("replaced", "This camera was opened on another page or machine, which has it now.")


class CameraConsumer(SocketConsumer):
    camera: Camera | None = None
    use: Use | None = None
    ticking: asyncio.Task[None] | None = None
    closing = False  # said so already: no frame is taken any more
    said: dict[str, Any] | None = None  # the last status
    told: FeedState | None = None  # the last health

    # --- The socket ----------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        await self.accept()
        try:
            self.user = signed_in(self.scope["user"])
            self.camera = await self._camera()
            await self._begin(self.camera)
        except WatchlistError as error:
            await turn_away(self, error)

    async def _begin(self, camera: Camera) -> None:
        limits = conf()
        self.unfinished = Unfinished(life=limits.frame_life)
        self.feed = Feed(monotonic(), silent_after=limits.silent_after, frozen_after=limits.frozen_after)
        self.clock = Clock(tolerance=limits.clock_tolerance)
        self.health_told = monotonic()
        self.rights_asked = -inf  # soon again: who was removed just before the group was joined was not heard of
        await self.channel_layer.group_add(group_name(camera.deployment_id), self.channel_name)
        await mailbox.claim(camera.pk, reply=self.channel_name)
        self.use = await begun(user=self.user, camera=camera, feed=self.feed, unfinished=self.unfinished)
        await self.send_json(self.clock.hello(now=time()))
        await self._look_at_deployment()
        self.ticking = asyncio.create_task(self._tick())

    async def leave(self) -> None:
        if self.ticking is not None:
            self.ticking.cancel()
            await asyncio.wait([self.ticking])
        if self.camera is None:
            return
        try:
            if self.use is not None:
                await self.use.end(now=monotonic())
                await self._tell_health(FeedState.OFF, monotonic())
        finally:
            await self.channel_layer.group_discard(group_name(self.camera.deployment_id), self.channel_name)
            await mailbox.let_go(self.camera.pk, reply=self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **_: Any) -> None:
        if self.ticking is None or self.closing:
            return  # still talking
        if bytes_data is None:
            await self._hear(text_data or "")
            return
        try:
            message = protocol.parse(bytes_data)
            self.unfinished.begin(message.sequence, now=monotonic())
        except InvalidInput as error:
            await self.send_json(protocol.refused(None, error.code, error.message))
            return
        try:
            await self._take(message, size=len(bytes_data))
        except Refused as refusal:
            await self._end(protocol.refused(message.sequence, refusal.code, refusal.message))
        except Exception as error:
            logger.error("A frame could not be handed on: %s", describe(error))
            sentence = "The server cannot take frames at the moment; its log says why."
            await self._end(protocol.refused(message.sequence, "unavailable", sentence))

    # --- Frames --------------------------------------------------------------------------------------------------

    async def _take(self, message: protocol.FrameMessage, *, size: int) -> None:
        assert self.camera is not None
        self.feed.frame(message.jpeg, now=monotonic())
        if size > conf().message_limit:
            text = f"The frame has {size:,} bytes, the limit is {conf().message_limit:,}: lower resolution or quality."
            raise Refused("too_large", text)
        if self.standing.refusal:
            raise self.standing.refusal
        frame = Frame(message.sequence, time(), self.channel_name, message.jpeg)
        put = await mailbox.put(self.camera.pk, frame)
        if put.replaced:
            await self._end(protocol.refused(message.sequence, REPLACED.code, REPLACED.message))
            await self._turn_away(REPLACED)
            return
        await self.send_json(protocol.ack(message.sequence))
        if put.overwritten is not None:
            await self._end(protocol.dropped(put.overwritten))
        if put.token:
            await sync_to_async(process_frame.delay, thread_sensitive=False)(str(self.camera.pk), put.token)

    async def frame_ended(self, event: dict[str, Any]) -> None:
        """From a worker, for a frame of this socket."""
        await self._end(event["reply"])

    async def _end(self, reply: dict[str, Any]) -> None:
        if not self.unfinished.end(reply["seq"], kind=reply["type"]):
            return
        if reply["type"] == "result":
            self.feed.result(now=monotonic())
        await self.send_json(reply)

    # --- What the page says of its clock -------------------------------------------------------------------------

    async def _hear(self, text: str) -> None:
        try:
            await self.send_json(self.clock.compare(text, now=time()))
        except InvalidInput as error:
            await self.send_json(protocol.refused(None, error.code, error.message))

    # --- Events of the deployment --------------------------------------------------------------------------------

    async def deployment_changed(self, event: dict[str, Any]) -> None:
        """Its state, or who works there: asked again before another frame is taken."""
        self.rights_asked = -inf
        async with self._or_turned_away():
            await self._ask_for_rights(monotonic())
            await self._look_at_deployment()

    async def alert_raised(self, event: dict[str, Any]) -> None:
        """For the pages of the deployment, not for its cameras; so are the next three."""

    alert_changed = stop_changed = camera_health = alert_raised

    # --- Once a second -------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        while not self.closing:
            await asyncio.sleep(conf().tick)
            async with self._or_turned_away():
                await self._ask_again(monotonic())

    @asynccontextmanager
    async def _or_turned_away(self) -> AsyncIterator[None]:
        try:
            yield
        except WatchlistError as error:
            await self._turn_away(error)
        except Exception as error:  # Redis or the database is away; the next second asks again
            logger.warning("A camera's socket could not be checked: %s", describe(error))

    async def _turn_away(self, error: WatchlistError) -> None:
        if not self.closing:
            self.closing = True
            await turn_away(self, error, Close.REPLACED if error is REPLACED else None)

    async def _ask_again(self, now: float) -> None:
        assert self.camera is not None
        for sequence in self.unfinished.overdue(now=now):
            await self._end(protocol.dropped(sequence))
        if not await mailbox.hold(self.camera.pk, reply=self.channel_name):
            raise REPLACED
        if now - self.rights_asked >= conf().rights_every:
            await self._ask_for_rights(now)
        await self._look_at_deployment()
        state = self.feed.look(now=now)
        if state != self.told or now - self.health_told >= conf().health_every:
            await self._tell_health(state, now)
            if self.use is not None and not await self.use.goes_on(now=now):
                self.closing = True
                await self.close()  # its page opens it again, as another use

    async def _ask_for_rights(self, now: float) -> None:
        self.user = signed_in(await user_of(self.scope))
        self.camera = await self._camera()
        self.rights_asked = now

    async def _look_at_deployment(self) -> None:
        """Raises NotFound where the camera is no more."""
        assert self.camera is not None
        self.standing: Standing = await database_sync_to_async(standing_of)(self.camera.pk)
        status = self.standing.status(dropped=self.unfinished.dropped)
        if status != self.said:
            self.said = status
            await self.send_json(status)

    async def _tell_health(self, state: FeedState, now: float) -> None:
        assert self.camera is not None
        self.told, self.health_told = state, now
        await self.channel_layer.group_send(
            group_name(self.camera.deployment_id),
            {
                "type": "camera.health",
                "camera": str(self.camera.pk),
                "state": state,
                "coverage": round(self.feed.coverage(now=now), 3),
                "dropped": self.unfinished.dropped,
                "results": self.unfinished.results,
            },
        )

    @database_sync_to_async
    def _camera(self) -> Camera:
        user: User = self.user
        return camera_for(user, self.scope["url_route"]["kwargs"]["camera"], Permission.FRAMES_SEND)
