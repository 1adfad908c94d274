"""A person's answer to an alert; with the two-person rule, two people's."""

import datetime as dt

from django.db import IntegrityError, transaction

from watchlist.errors import InvalidInput, Refused
from watchlist.events import publish
from watchlist.models import UNANSWERED, Alert, AlertState, Answer, Decision, User
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import ENDED
from watchlist.services import audit
from watchlist.transitions import advance


def alert_decide(*, actor: User, alert: Alert, answer: Answer | str, reason: str, now: dt.datetime) -> Decision:
    """Records the answer and moves the alert on, both or neither.

    Raises StaleState when another operator was first, Refused once it expired or this operator has answered before.
    """
    require(actor, Permission.ALERT_DECIDE, alert.deployment)
    if answer not in Answer.values:
        raise InvalidInput("answer", "Answer same person, different person or cannot tell.")
    if not reason.strip():
        raise InvalidInput("reason", "Say what the answer rests on.", {"reason": ["Say what the answer rests on."]})
    try:
        return _decide(actor, alert, Answer(answer), reason.strip(), now)
    except IntegrityError:
        raise Refused("answered", "You have answered this alert already: it needs another operator.") from None


@transaction.atomic
def _decide(actor: User, alert: Alert, answer: Answer, reason: str, now: dt.datetime) -> Decision:
    if alert.deployment.state in ENDED:
        raise Refused("closed", "This deployment is closed: its alerts can no longer be answered.")
    if alert.state in UNANSWERED and now >= alert.expires_at:
        raise Refused("expired", "This alert expired unanswered: no action follows from it.")
    advance(alert, _next_state(alert, answer), **_closing(alert, answer, now))
    decision = Decision.objects.create(
        alert=alert,
        operator=actor,
        answer=answer,
        reason=reason,
        decided_at=now,
        seconds=round((now - alert.raised_at).total_seconds(), 3),
    )
    publish(alert.deployment_id, "alert.changed", alert=str(alert.pk), state=alert.state)
    audit.record(
        "alert.decided",
        actor=actor,
        deployment=alert.deployment,
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


def _closing(alert: Alert, answer: Answer, now: dt.datetime) -> dict[str, dt.datetime]:
    return {} if _next_state(alert, answer) == AlertState.SECONDED else {"closed_at": now}
