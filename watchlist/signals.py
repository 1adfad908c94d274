"""What watchlist announces to the packages above it; sent after the commit, with ids only."""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

reference_added = Signal()  # reference_id: a pending image waits to be checked
templates_asked = Signal()  # template_ids: templates of images by a pack wait to be made
gallery_changed = Signal()  # deployment_id: the list, or an image on it, is not what it was
deployment_closed = Signal()  # deployment_id: nothing of its list may stay in any memory


def announce(signal: Signal, **ids: Any) -> None:
    transaction.on_commit(partial(signal.send, sender=None, **ids))
