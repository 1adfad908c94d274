"""What the pages of a deployment are told, at once: ids and codes only, sent after the commit."""

from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction


def group_name(deployment: UUID | str) -> str:
    """One group per deployment: nobody is sent what another deployment's people may see."""
    return f"deployment.{deployment}"


def publish(deployment: UUID | str, type: str, **ids: Any) -> None:
    """Sends `{"type": type, **ids}` to the sockets of a deployment once the transaction has committed."""

    def tell() -> None:
        async_to_sync(get_channel_layer().group_send)(group_name(deployment), {"type": type, **ids})

    # What has been committed stands, told or not: a failure to tell is logged, and pages load anew when they reconnect.
    # A function of its own, since Django's report of such a failure asks for its name, which a `partial` lacks.
    transaction.on_commit(tell, robust=True)
