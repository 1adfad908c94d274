"""Every state and every step between states: one table, and one way to take a step."""

from typing import Any

from django.db.models import Model

from watchlist.errors import IllegalTransition, StaleState
from watchlist.models import (
    Alert,
    AlertState,
    Deployment,
    DeploymentState,
    Proposal,
    ProposalState,
    ReferenceImage,
    ReferenceState,
    Stop,
    StopState,
    Template,
    TemplateState,
)

A, D, P, R, S, T = AlertState, DeploymentState, ProposalState, ReferenceState, StopState, TemplateState

TRANSITIONS: dict[type[Model], dict[str, frozenset[str]]] = {
    ReferenceImage: {
        R.PENDING: frozenset({R.ENROLLED, R.REJECTED, R.WITHDRAWN}),
        R.ENROLLED: frozenset({R.WITHDRAWN}),
        R.REJECTED: frozenset(),
        R.WITHDRAWN: frozenset(),
    },
    Template: {
        T.ASKED: frozenset({T.MADE, T.FAILED}),
        T.MADE: frozenset(),
        T.FAILED: frozenset({T.ASKED}),
    },
    Deployment: {
        D.DRAFT: frozenset({D.APPROVED, D.CLOSED}),
        D.APPROVED: frozenset({D.LIVE, D.CLOSED}),
        D.LIVE: frozenset({D.PAUSED, D.CLOSED}),
        D.PAUSED: frozenset({D.LIVE, D.CLOSED}),
        D.CLOSED: frozenset({D.DESTROYED}),
        D.DESTROYED: frozenset(),
    },
    Proposal: {
        P.OPEN: frozenset({P.AGREED, P.DECLINED}),
        P.AGREED: frozenset(),
        P.DECLINED: frozenset(),
    },
    Alert: {
        A.OPEN: frozenset({A.SECONDED, A.CONFIRMED, A.DISMISSED, A.EXPIRED}),
        A.SECONDED: frozenset({A.CONFIRMED, A.DISMISSED, A.EXPIRED}),
        A.CONFIRMED: frozenset(),
        A.DISMISSED: frozenset(),
        A.EXPIRED: frozenset(),
    },
    Stop: {
        S.STARTED: frozenset({S.ENDED}),
        S.ENDED: frozenset(),
    },
}


def advance(obj: Any, to: str, **changes: Any) -> None:
    """Takes `obj` from the state it was read in to `to`, with `changes`, by compare-and-swap.

    Raises IllegalTransition where the table has no such step, StaleState where the row is no longer in that state.
    """
    model = type(obj)
    if to not in TRANSITIONS[model][obj.state]:
        raise IllegalTransition(
            "illegal_transition", f"This {model._meta.verbose_name} is {obj.state} and cannot become {to}."
        )
    if model.objects.filter(pk=obj.pk, state=obj.state).update(state=to, **changes) != 1:
        raise StaleState("stale_state", "Somebody else was first: look again.")
    obj.state = to
    for name, value in changes.items():
        setattr(obj, name, value)
