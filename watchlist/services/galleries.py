"""Telling the workers that what they search is no longer what it was."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from watchlist.models import Deployment
from watchlist.signals import announce, gallery_changed


def gallery_moved(deployments: Iterable[UUID]) -> None:
    """Part of what another service does: its deployments' galleries are built anew before the next frame."""
    for pk in sorted(deployments):  # one order for all, or two that move several wait for each other
        Deployment.objects.filter(pk=pk).update(gallery_version=F("gallery_version") + 1)
        announce(gallery_changed, deployment_id=pk)
