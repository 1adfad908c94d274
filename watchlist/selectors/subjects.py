"""Reading the watch-list's entries."""

from uuid import UUID

from django.db.models import QuerySet

from watchlist.errors import NotFound
from watchlist.models import Subject, User
from watchlist.permissions import Permission, require


def subjects_for(user: User) -> QuerySet[Subject]:
    """Everyone on the watch-list. Raises NotAllowed."""
    require(user, Permission.SUBJECT_VIEW)
    return Subject.objects.all()


def subject_for(user: User, pk: UUID | str) -> Subject:
    """One entry. Raises NotFound or NotAllowed."""
    subject = subjects_for(user).filter(pk=pk).first()
    if subject is None:
        raise NotFound("no_subject", "There is no such entry on the watch-list.")
    return subject
