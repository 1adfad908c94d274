"""The buttons that start, pause and resume a deployment, for the pages from which it is run."""

from django import template
from django.template import RequestContext

from watchlist.models import Deployment
from watchlist.views.acts import Act, acts_for

register = template.Library()


@register.simple_tag(takes_context=True)
def running_acts(context: RequestContext, deployment: Deployment) -> list[Act]:
    return [act for act in acts_for(context["request"].user, deployment) if act.while_running]
