"""A person's answer to an alert; with the two-person rule, two people's."""

import datetime as dt

from django.db import transaction

from watchlist.errors import InvalidInput, Refused, StaleState
from watchlist.models import UNANSWERED, Alert, AlertState, Answer, Decision, User
from watchlist.permissions import Permission, require
from watchlist.services import audit
from watchlist.services.alerts import tell_changed
from watchlist.services.validation import worded
from watchlist.transitions import advance


@transaction.atomic
def alert_decide(*, actor: User, alert: Alert, answer: Answer | str, reason: str, now: dt.datetime) -> Decision:
    """Records the answer and moves the alert on, both or neither.

    The second operator answers freely: only two who both say "same person" confirm. Raises StaleState when another
    operator was first, Refused once it expired or where this operator has answered before.
    """
    require(actor, Permission.ALERT_DECIDE, alert.deployment)
    if answer not in Answer.values:
        raise InvalidInput("answer", "Answer same person, different person or cannot tell.")
    reason = worded(reason, field="reason", why="Say what the answer rests on.")
    if alert.state == AlertState.EXPIRED or (alert.state in UNANSWERED and now >= alert.expires_at):
        raise Refused("expired", "This alert expired unanswered: no action follows from it.")
    # No lock: a first answer of this operator's own stands already, or the compare-and-swap below fails.
    if alert.decisions.filter(operator=actor).exists():
        raise Refused("answered", "You have answered this alert already: it needs another operator.")
    if alert.state not in UNANSWERED:
        raise StaleState("stale_state", "Another operator has answered this alert already.")
    state = _next_state(alert, Answer(answer))
    closing = {} if state in UNANSWERED else {"closed_at": now}
    advance(alert, state, **closing)
    decision = Decision.objects.create(
        alert=alert,
        operator=actor,
        answer=answer,
        reason=reason,
        decided_at=now,
        seconds=round((now - alert.raised_at).total_seconds(), 3),
    )
    tell_changed(alert)
    audit.record(
        "alert.decided",
        actor=actor,
        deployment=alert.deployment_id,
        facts={
            "alert": alert.pk,
            "decision": decision.pk,
            "answer": answer,
            "state": alert.state,
            "seconds": decision.seconds,
        },
        detail={"reason": reason},
    )
    return decision


def _next_state(alert: Alert, answer: Answer) -> AlertState:
    if answer != Answer.SAME:
        return AlertState.DISMISSED
    if alert.deployment.two_person and alert.state != AlertState.SECONDED:
        return AlertState.SECONDED
    return AlertState.CONFIRMED
