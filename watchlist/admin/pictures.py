"""Sealed pictures on admin pages: opened for whoever may see them, each look recorded, never cached, never a file."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET
from unfold.admin import ModelAdmin

from watchlist.admin.base import actor_of, as_http_error
from watchlist.errors import WatchlistError
from watchlist.models import Alert, ReferenceImage
from watchlist.permissions import Permission
from watchlist.selectors.alerts import Picture, alert_for, picture
from watchlist.selectors.references import reference_picture
from watchlist.services.viewing import viewed

PURPOSE = "admin page"


@require_GET
def reference_picture_view(request: HttpRequest, pk: UUID, which: str, model_admin: ModelAdmin) -> HttpResponse:
    try:
        jpeg = reference_picture(actor_of(request), pk, which)
    except WatchlistError as error:
        raise as_http_error(error) from error
    viewed(actor=actor_of(request), what=f"reference.{which}", pk=pk, purpose=PURPOSE)
    return _response(jpeg)


@require_GET
def alert_picture_view(request: HttpRequest, pk: UUID, which: str, model_admin: ModelAdmin) -> HttpResponse:
    if which not in {known.value for known in Picture}:
        raise Http404("There is no such picture.")
    try:
        alert = alert_for(actor_of(request), pk, Permission.ALERT_VIEW)
        jpeg = picture(alert, Picture(which))
    except WatchlistError as error:
        raise as_http_error(error) from error
    viewed(actor=actor_of(request), what=f"alert.{which}", pk=pk, purpose=PURPOSE, deployment=alert.deployment_id)
    return _response(jpeg)


def reference_tag(reference: ReferenceImage, which: str, *, height: int) -> SafeString:
    url = reverse("admin:watchlist_referenceimage_picture", args=[reference.pk, which])
    return format_html('<img src="{}" height="{}" alt="Reference image, {}">', url, height, which)


def alert_tag(alert: Alert, which: Picture, *, height: int) -> SafeString:
    url = reverse("admin:watchlist_alert_picture", args=[alert.pk, which])
    return format_html('<img src="{}" height="{}" alt="{} of the alert">', url, height, which.capitalize())


def _response(jpeg: bytes) -> HttpResponse:
    return HttpResponse(jpeg, content_type="image/jpeg", headers={"Cache-Control": "no-store"})
