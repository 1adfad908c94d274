"""Who on a list cannot be searched for, and what that waits for."""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, TextChoices, Value, When

from watchlist.models import ListEntry, ReferenceImage, ReferenceState
from watchlist.selectors.gallery import searchable, templates_of


class Awaited(TextChoices):
    """Ends a sentence: cannot be searched for until …"""

    NOTHING = "", ""
    TEMPLATE = "template", "an image is enrolled with this deployment's pack"
    ANSWER = "answer", "the warning about each image is answered"
    CHECK = "check", "an image has passed its check"
    IMAGE = "image", "an image is enrolled"


def entries_awaiting(entries: QuerySet[ListEntry]) -> QuerySet[Any]:
    """With `awaited` on each: Awaited.NOTHING where the person is searched for with at least one image."""
    usable = searchable(dt.date.min).filter(subject=OuterRef("subject"))  # whoever expires is taken off the list
    images = ReferenceImage.objects.filter(subject=OuterRef("subject"))
    own_pack = templates_of(OuterRef(OuterRef("deployment__pack"))).filter(reference=OuterRef("pk"))
    return entries.annotate(
        awaited=Case(
            When(Exists(usable.filter(Exists(own_pack))), then=Value(Awaited.NOTHING)),
            When(Exists(usable), then=Value(Awaited.TEMPLATE)),
            When(Exists(images.filter(state=ReferenceState.ENROLLED)), then=Value(Awaited.ANSWER)),
            When(Exists(images.filter(state=ReferenceState.PENDING)), then=Value(Awaited.CHECK)),
            default=Value(Awaited.IMAGE),
            output_field=CharField(),
        )
    )


def awaited_by(entry: ListEntry) -> Awaited:
    """What one entry waits for, as `entries_awaiting`."""
    return Awaited(entries_awaiting(ListEntry.objects.filter(pk=entry.pk)).values_list("awaited", flat=True).get())
