"""Counts of faces that left no other trace."""

from uuid import UUID

from django.db.models import F

from watchlist.models import Deployment


def deployment_counted(*, deployment_id: UUID | str, faces_seen: int, templates_destroyed: int) -> None:
    """Adds to a deployment's counters. Not on the record entry by entry: the closing figures are."""
    Deployment.objects.filter(pk=deployment_id).update(
        faces_seen=F("faces_seen") + faces_seen,
        templates_destroyed=F("templates_destroyed") + templates_destroyed,
    )
