"""The socket of one person at one deployment: told at once what happens there, in ids; pages fetch the rest.

There is one group for each deployment, so nothing of another deployment ever reaches this socket. Of what does, a
person who may see confirmed alerts alone is told of those alone.
"""

import asyncio
import logging
from typing import Any

from channels.db import database_sync_to_async

from recognition.conf import conf
from recognition.consumers.authentication import user_of
from recognition.consumers.refusal import signed_in, turn_away
from recognition.consumers.socket import SocketConsumer
from recognition.faults import describe
from watchlist.errors import NotAllowed, WatchlistError
from watchlist.events import group_name
from watchlist.models import AlertState, User
from watchlist.permissions import Permission, deployment_for, permissions_of

logger = logging.getLogger(__name__)

Event = dict[str, Any]


class OperatorConsumer(SocketConsumer):
    group: str | None = None
    asking: asyncio.Task[None] | None = None

    # --- The socket ----------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        await self.accept()
        try:
            await self._ask(self.scope["user"])
        except WatchlistError as error:
            await turn_away(self, error)
            return
        self.group = group_name(self.scope["url_route"]["kwargs"]["deployment"])
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.send_json({"type": "hello"})  # from now on nothing is missed; the page loads what was before
        self.asking = asyncio.create_task(self._keep_asking())

    async def leave(self) -> None:
        if self.asking is not None:
            self.asking.cancel()
            await asyncio.wait([self.asking])
        await self._leave_group()

    async def receive(self, **_: Any) -> None:
        """Nothing is heard here: answers go by POST, where they are checked and recorded."""

    # --- Events of the deployment --------------------------------------------------------------------------------

    async def alert_raised(self, event: Event) -> None:
        await self._forward(event, to=Permission.ALERT_VIEW)

    async def alert_changed(self, event: Event) -> None:
        for_officers = event["state"] == AlertState.CONFIRMED and "seeded" not in event
        await self._forward(event, to=Permission.ALERT_VIEW_CONFIRMED if for_officers else Permission.ALERT_VIEW)

    async def stop_changed(self, event: Event) -> None:
        await self._forward(event, to=Permission.STOP_VIEW)

    async def passage_changed(self, event: Event) -> None:
        await self._forward(event, to=Permission.PASSAGE_VIEW)

    async def camera_health(self, event: Event) -> None:
        await self._forward(event, to=Permission.DEPLOYMENT_VIEW)

    async def deployment_changed(self, event: Event) -> None:
        """Members may have changed with it: asked again before anything else is told."""
        try:
            await self._ask(await user_of(self.scope))
        except WatchlistError as error:
            await self._turn_away(error)
            return
        await self._forward(event, to=Permission.DEPLOYMENT_VIEW)

    async def _forward(self, event: Event, *, to: Permission) -> None:
        if to in self.permissions:
            await self.send_json(event)

    # --- May this socket still listen? ---------------------------------------------------------------------------

    async def _keep_asking(self) -> None:
        while True:
            await asyncio.sleep(conf().rights_every)
            try:
                await self._ask(await user_of(self.scope))
            except WatchlistError as error:
                await self._turn_away(error)
                return
            except Exception as error:  # the database is away; the next round asks again
                logger.warning("A page's socket could not be checked: %s", describe(error))

    async def _ask(self, user: Any) -> None:
        """Raises what refuses this person; else notes what this person may do here."""
        self.permissions = await self._permissions_of(signed_in(user))

    @database_sync_to_async
    def _permissions_of(self, user: User) -> frozenset[Permission]:
        deployment = deployment_for(user, self.scope["url_route"]["kwargs"]["deployment"], Permission.DEPLOYMENT_VIEW)
        held = permissions_of(user, deployment)
        if not held & {Permission.ALERT_VIEW, Permission.ALERT_VIEW_CONFIRMED}:
            text = "Only operators, officers and auditors of this deployment are told of alerts."
            raise NotAllowed("not_allowed", text)
        return held

    async def _turn_away(self, error: WatchlistError) -> None:
        await self._leave_group()
        await turn_away(self, error)

    async def _leave_group(self) -> None:
        if self.group is not None:
            group, self.group = self.group, None
            await self.channel_layer.group_discard(group, self.channel_name)
