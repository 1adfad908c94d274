"""A passage that comes again, and what the record says of it."""

import datetime as dt
import json
from typing import Any

from tests.cast import make_candidate
from watchlist.models import Alert, AuditEntry, Deployment
from watchlist.services.alerts import alert_raise

SECOND = dt.timedelta(seconds=1)


def raise_again(live: Deployment, now: dt.datetime, **changes: Any) -> Alert | None:
    return alert_raise(make_candidate(live, now=now, **changes), now=now)


def recorded(action: str) -> list[dict[str, Any]]:
    """The facts of every entry of that action, oldest first."""
    bodies = AuditEntry.objects.filter(action=action).order_by("seq").values_list("body", flat=True)
    return [json.loads(body)["facts"] for body in bodies]
