"""A deployment's window by the clock of its own time zone: read from a form, and in words."""

from datetime import datetime

from django.forms.utils import from_current_timezone
from django.utils import timezone

from watchlist.models import Deployment


def window_text(deployment: Deployment) -> str:
    starts, ends = (at.astimezone(deployment.zone) for at in (deployment.starts_at, deployment.ends_at))
    return f"{starts:%-d %B %Y, %H:%M} to {ends:%-d %B, %H:%M} ({starts:%Z})"


def as_typed(at: datetime, deployment: Deployment) -> datetime:
    """The deployment's clock under the name of the current zone, which is what the form's widgets show."""
    return at.astimezone(deployment.zone).replace(tzinfo=timezone.get_current_timezone())


def as_meant(typed: datetime, time_zone: str) -> datetime:
    """What was typed, by the clock of `time_zone`. ValidationError for an hour a clock change skips or repeats."""
    with timezone.override(time_zone):
        return from_current_timezone(typed.replace(tzinfo=None))
