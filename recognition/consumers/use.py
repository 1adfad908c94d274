"""One socket's use of a camera: begun, kept up and ended on the record."""

from dataclasses import dataclass

from channels.db import database_sync_to_async
from django.utils import timezone

from recognition.consumers.feed import Feed
from recognition.consumers.unfinished import Unfinished
from watchlist.models import Camera, CameraUse, User
from watchlist.services.cameras import Coverage, camera_connected, camera_disconnected, camera_watched


@dataclass(frozen=True, slots=True)
class Use:
    """Times are seconds of the server's monotonic clock."""

    row: CameraUse
    feed: Feed
    unfinished: Unfinished

    async def goes_on(self, *, now: float) -> bool:
        """Notes what is known of it. False where it was given up as lost: the server could not note it for a while."""
        note = database_sync_to_async(camera_watched)
        return await note(use=self.row, coverage=self._coverage(now), now=timezone.now())

    async def end(self, *, now: float) -> None:
        self.feed.look(now=now)
        await database_sync_to_async(camera_disconnected)(use=self.row, coverage=self._coverage(now))

    def _coverage(self, now: float) -> Coverage:
        return Coverage(
            seconds=round(now - self.feed.started, 1),
            watched_seconds=round(self.feed.watched, 1),
            gaps=self.feed.gaps,
            frames=self.feed.frames,
            results=self.unfinished.results,
            dropped=self.unfinished.dropped,
        )


async def begun(*, user: User, camera: Camera, feed: Feed, unfinished: Unfinished) -> Use:
    row = await database_sync_to_async(camera_connected)(actor=user, camera=camera, now=timezone.now())
    return Use(row, feed, unfinished)
