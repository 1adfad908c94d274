"""An operator's answer; with the two-person rule, two operators', each their own."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, make_alert, make_live
from watchlist.errors import InvalidInput, NotAllowed, Refused, StaleState, WatchlistError
from watchlist.models import Alert, AlertState, Answer, AuditDetail, AuditEntry, Decision, Deployment
from watchlist.selectors.audit import links
from watchlist.services.alerts import alerts_expire
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_close
from watchlist.verifier import verify

SAME, DIFFERENT, CANNOT_TELL = Answer.SAME, Answer.DIFFERENT, Answer.CANNOT_TELL


def fresh(alert: Alert) -> Alert:
    return Alert.objects.select_related("deployment").get(pk=alert.pk)


def decide(actor: Any, alert: Alert, answer: str = SAME, **changes: Any) -> Decision:
    return alert_decide(
        **{"actor": actor, "alert": fresh(alert), "answer": answer, "reason": "The scar.", "now": timezone.now()}
        | changes
    )


@pytest.fixture
def alert(cast: Cast) -> Alert:
    return make_alert(make_live(cast))


@pytest.fixture
def for_two(cast: Cast) -> Alert:
    return make_alert(make_live(cast, two_person=True))


@pytest.mark.parametrize(
    ("answer", "state"), [(SAME, "confirmed"), (DIFFERENT, "dismissed"), (CANNOT_TELL, "dismissed")]
)
def test_one_answer_settles_it(answer: str, state: str, cast: Cast, alert: Alert) -> None:
    now = alert.raised_at + dt.timedelta(seconds=4)
    decision = decide(cast.olga, alert, answer, now=now, reason="  The scar.  ")
    assert (fresh(alert).state, fresh(alert).closed_at) == (state, now)
    assert (decision.reason, decision.seconds) == ("The scar.", 4.0)
    entry = AuditEntry.objects.get(action="alert.decided")
    assert json.loads(entry.body)["facts"] == {
        "alert": str(alert.pk),
        "answer": answer,
        "decision": str(decision.pk),
        "seconds": 4.0,
        "state": state,
    }
    assert entry.actor == str(cast.olga.pk)
    assert "scar" not in entry.body
    assert json.loads(AuditDetail.objects.get(entry=entry).text) == {"reason": "The scar."}


@pytest.mark.parametrize(
    ("first", "second", "states"),
    [
        (SAME, SAME, ["seconded", "confirmed"]),
        (SAME, DIFFERENT, ["seconded", "dismissed"]),
        (SAME, CANNOT_TELL, ["seconded", "dismissed"]),
    ],
)
def test_the_second_operator_answers_freely(
    first: str, second: str, states: list[str], cast: Cast, for_two: Alert
) -> None:
    reached = []
    for operator, answer in ((cast.olga, first), (cast.omar, second)):
        decide(operator, for_two, answer)
        reached.append(fresh(for_two).state)
    assert reached == states
    assert fresh(for_two).closed_at is not None


@pytest.mark.parametrize("answer", [DIFFERENT, CANNOT_TELL])
def test_one_doubt_is_enough_to_dismiss(answer: str, cast: Cast, for_two: Alert) -> None:
    decide(cast.olga, for_two, answer)
    assert fresh(for_two).state == AlertState.DISMISSED


@pytest.mark.parametrize("answer", Answer.values)
def test_nobody_is_both_of_the_two(answer: str, cast: Cast, for_two: Alert) -> None:
    decide(cast.olga, for_two)
    with pytest.raises(Refused, match="another operator"):
        decide(cast.olga, for_two, answer)
    assert (fresh(for_two).state, for_two.decisions.count()) == (AlertState.SECONDED, 1)


def test_agreeing_does_not_give_the_second_more_time(cast: Cast, for_two: Alert) -> None:
    decide(cast.olga, for_two, now=for_two.expires_at - dt.timedelta(seconds=1))
    assert fresh(for_two).expires_at == for_two.expires_at
    with pytest.raises(Refused, match="expired"):
        decide(cast.omar, for_two, now=for_two.expires_at)


def test_at_the_instant_of_expiry_it_is_too_late(cast: Cast, alert: Alert) -> None:
    with pytest.raises(Refused, match="expired"):
        decide(cast.olga, alert, now=alert.expires_at)
    decide(cast.olga, alert, now=alert.expires_at - dt.timedelta(microseconds=1))
    assert alerts_expire(now=alert.expires_at) == 0


def test_what_expired_is_not_answered(cast: Cast, alert: Alert) -> None:
    alerts_expire(now=alert.expires_at)
    with pytest.raises(Refused, match="no action follows"):
        decide(cast.olga, alert, now=alert.raised_at)


@pytest.mark.parametrize("answer", Answer.values)
def test_what_was_answered_is_not_answered_again(answer: str, cast: Cast, alert: Alert) -> None:
    decide(cast.olga, alert)
    with pytest.raises(StaleState, match="Another operator"):
        decide(cast.omar, alert, answer)
    with pytest.raises(Refused, match="You have answered"):
        decide(cast.olga, alert, answer)


def test_whoever_looked_before_the_other_answered_has_to_look_again(cast: Cast, alert: Alert) -> None:
    looked_at = fresh(alert)
    decide(cast.olga, alert, DIFFERENT)
    with pytest.raises(StaleState):
        alert_decide(actor=cast.omar, alert=looked_at, answer=SAME, reason="The scar.", now=timezone.now())
    assert fresh(alert).state == AlertState.DISMISSED
    assert alert.decisions.count() == 1


def test_a_closed_deployments_alerts_are_not_answered(cast: Cast, alert: Alert) -> None:
    looked_at = fresh(alert)
    deployment_close(actor=cast.olga, deployment=Deployment.objects.get(pk=alert.deployment_id), reason="Done.")
    for seen in (looked_at, fresh(alert)):
        with pytest.raises((StaleState, Refused)):
            alert_decide(actor=cast.olga, alert=seen, answer=SAME, reason="The scar.", now=timezone.now())
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"answer": "maybe"}, "answer"),
        ({"reason": ""}, "reason"),
        ({"reason": " \n\t"}, "reason"),
        ({"reason": "nul \0 byte"}, "reason"),
        ({"reason": "half a \ud83d pair"}, "reason"),
        ({"reason": "x" * 5001}, "reason"),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(
    changes: dict[str, str], code: str, cast: Cast, alert: Alert
) -> None:
    with pytest.raises(InvalidInput) as caught:
        decide(cast.olga, alert, **changes)
    assert caught.value.code == code
    assert fresh(alert).state == AlertState.OPEN


def test_an_operator_of_another_deployment_is_refused(cast: Cast, alert: Alert) -> None:
    alert.deployment.memberships.filter(user=cast.omar).delete()
    make_live(cast)  # where Omar operates
    with pytest.raises(NotAllowed):
        decide(cast.omar, alert)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["olga", "omar"]), st.sampled_from(Answer.values)),
        st.sampled_from([("expire", ""), ("close", "")]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(two_person=st.booleans(), steps=STEPS)
def test_no_order_of_events_confirms_without_the_answers_it_takes(
    cast: Cast, two_person: bool, steps: list[tuple[str, str]]
) -> None:
    with transaction.atomic():
        alert = make_alert(make_live(cast, two_person=two_person))
        for who, answer in steps:
            before = fresh(alert).state
            try:
                with transaction.atomic():
                    _step(cast, alert, who, answer)
            except WatchlistError:
                assert fresh(alert).state == before
            if before not in ("open", "seconded"):
                assert fresh(alert).state == before
        answers = list(alert.decisions.order_by("decided_at").values_list("operator__username", "answer"))
        agreed = {operator for operator, answer in answers if answer == SAME}
        state = fresh(alert).state
        assert (state == "confirmed") == (len(agreed) == (2 if two_person else 1) and len(agreed) == len(answers))
        assert (state == "dismissed") == any(answer != SAME for _, answer in answers)
        assert len({operator for operator, _ in answers}) == len(answers)
        assert verify(links()).sound
        transaction.set_rollback(True)


def _step(cast: Cast, alert: Alert, who: str, answer: str) -> None:
    match who:
        case "expire":
            alerts_expire(now=alert.expires_at)
        case "close":
            deployment_close(actor=cast.olga, deployment=Deployment.objects.get(pk=alert.deployment_id), reason="Done.")
        case _:
            decide(getattr(cast, who), alert, answer)
