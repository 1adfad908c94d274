"""A subject's images alone: what its page fetches anew while some of them are being checked."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from unfold.admin import ModelAdmin

from watchlist.admin.base import actor_of, as_http_error
from watchlist.errors import WatchlistError
from watchlist.selectors.references import references_of
from watchlist.selectors.subjects import subject_for


@require_GET
def subject_images_view(request: HttpRequest, pk: UUID, model_admin: ModelAdmin) -> HttpResponse:
    """Not a look of its own: that the page was opened is on the record, and so is each picture it loads."""
    actor = actor_of(request)
    try:
        references = references_of(actor, subject_for(actor, pk))
    except WatchlistError as error:
        raise as_http_error(error) from error
    return render(request, "admin/watchlist/subject_images.html", {"references": references})
