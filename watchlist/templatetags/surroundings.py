"""What stands around every page: the server's clock, the pages this person may go to, and the emergency stop."""

from typing import Any

from django import template
from django.template import RequestContext
from django.utils import timezone

from watchlist.acts import Act, emergency_stop_for
from watchlist.doors import Door, doors_of
from watchlist.models import Deployment

register = template.Library()


@register.simple_tag(takes_context=True)
def doors(context: RequestContext, deployment: Any = None) -> list[Door]:
    return doors_of(context["request"].user, deployment or None)


@register.simple_tag(takes_context=True)
def emergency_stop(context: RequestContext, deployment: Deployment) -> Act | None:
    return emergency_stop_for(context["request"].user, deployment)


@register.simple_tag(takes_context=True)
def here(context: RequestContext) -> str:
    """Where a step leads back to: the page a fragment was fetched for, or the page itself if it can be asked for."""
    request = context["request"]
    own = request.get_full_path() if request.method == "GET" else ""
    return str(request.GET.get("back", own))


@register.simple_tag
def server_now() -> int:
    """Milliseconds since the epoch, by the clock that counts."""
    return int(timezone.now().timestamp() * 1000)
