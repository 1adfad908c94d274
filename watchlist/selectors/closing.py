"""What is there to say of a deployment, in figures, when it closes?"""

import datetime as dt
from typing import Any

from watchlist.models import Deployment
from watchlist.selectors.figures import figures_of
from watchlist.selectors.passages import recognition_of


def closing_figures(deployment: Deployment, now: dt.datetime) -> dict[str, Any]:
    """What there was to count when it closed; the workers' last counts may still come in. Staff are told apart."""
    counted = Deployment.objects.only("faces_seen", "templates_destroyed").get(pk=deployment.pk)
    return {
        "faces_seen": counted.faces_seen,
        "templates_destroyed": counted.templates_destroyed,
        "alerts": figures_of(deployment).raised,
        "stops": deployment.stops.count(),
        **({"staff": _staff_figures(deployment, now)} if deployment.seeded_staff else {}),
    }


def _staff_figures(deployment: Deployment, now: dt.datetime) -> dict[str, Any]:
    """How well it recognised here, with the interval of 95 %, and what that leaves out."""
    found = recognition_of(deployment, now)
    return {
        "alerts": deployment.alerts.filter(seeded=True).count(),
        "mistaken": figures_of(deployment).mistaken_for_staff,
        "recognised": found.share.count,
        "passages": found.share.of,
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "people": found.people,
        "cut_short": found.cut_short,
        "struck": found.struck,
        "unnoted": found.unnoted,
    }
