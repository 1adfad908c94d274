"""What does this package do when watchlist announces something? After the commit, with the id it is given."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from recognition import gallery
from watchlist.signals import deployment_closed


@receiver(deployment_closed)
def _forget_gallery(deployment_id: UUID, **_: Any) -> None:
    """On this machine at once; workers on others notice within seconds, when they look (see `gallery.sweep`)."""
    gallery.forget(deployment_id)
