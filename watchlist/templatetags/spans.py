"""How a length of time is said: the same words as static/js/lib/spans.js, which goes on from here."""

import datetime as dt

from django import template
from django.utils import timezone

register = template.Library()


def span(seconds: float) -> str:
    """`45 s`, `4 min 05 s`, `2 h 13 min`, `3 d 4 h`; never negative."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


@register.filter
def since(moment: dt.datetime) -> str:
    """How long ago."""
    return span((timezone.now() - moment).total_seconds())


@register.filter
def until(moment: dt.datetime) -> str:
    """How long from now."""
    return span((moment - timezone.now()).total_seconds())


@register.filter
def stopwatch(moment: dt.datetime) -> str:
    """How long ago, as `04:05` or `1:02:03`."""
    whole = max(0, int((timezone.now() - moment).total_seconds()))
    rest = f"{whole % 3600 // 60:02}:{whole % 60:02}"
    return f"{whole // 3600}:{rest}" if whole >= 3600 else rest


@register.filter
def is_past(moment: dt.datetime) -> bool:
    return moment <= timezone.now()
