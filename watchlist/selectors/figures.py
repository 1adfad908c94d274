"""How many alerts were there, and how did they end? Those on consenting staff are kept apart.

An alert that waits is counted whoever it is on: a figure that left it out would tell the operator before the answer.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from watchlist.models import UNANSWERED, Alert, AlertState, Answer, Decision, Deployment


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the public: without alerts on staff, with those where a passer-by was taken for one of them."""

    raised: int
    waiting: int
    confirmed: int
    dismissed: int
    expired: int
    mistaken_for_staff: int  # of those dismissed


def figures_of(deployment: Deployment) -> Figures:
    alerts = list(_tagged(deployment.alerts.all()).values_list("state", "seeded", "mistaken"))
    states = [state for state, seeded, mistaken in alerts if not seeded or mistaken or state in UNANSWERED]
    return Figures(
        raised=len(states),
        waiting=sum(state in UNANSWERED for state in states),
        confirmed=states.count(AlertState.CONFIRMED),
        dismissed=states.count(AlertState.DISMISSED),
        expired=states.count(AlertState.EXPIRED),
        mistaken_for_staff=sum(mistaken for _, _, mistaken in alerts),
    )


def mistaken(alerts: QuerySet[Alert]) -> QuerySet[Any]:
    """Alerts on staff that were answered "different person": somebody else was affected."""
    return _tagged(alerts).filter(mistaken=True)


def _tagged(alerts: QuerySet[Alert]) -> QuerySet[Any]:
    different = Decision.objects.filter(
        alert=OuterRef("pk"), alert__seeded=True, alert__state=AlertState.DISMISSED, answer=Answer.DIFFERENT
    )
    return alerts.annotate(mistaken=Exists(different))
