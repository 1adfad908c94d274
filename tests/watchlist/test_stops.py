"""What may a stop rest on, when, and how many at a time?"""

import datetime as dt
import json

import pytest
from django.utils import timezone

from tests.cast import Cast, make_alert, make_draft, make_listed_subject, make_live, seen
from tests.watchlist.stopping import confirm, end, second_officer, start
from watchlist.errors import InvalidInput, Refused
from watchlist.models import (
    Alert,
    AuditEntry,
    Deployment,
    Ground,
    Outcome,
    Stop,
    User,
)
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_close, deployment_pause, deployments_close_due


@pytest.fixture
def live(cast: Cast) -> Deployment:
    return make_live(cast)


@pytest.fixture
def confirmed(cast: Cast, live: Deployment) -> Alert:
    return confirm(cast, make_alert(live))


@pytest.fixture
def fiona(cast: Cast, live: Deployment) -> User:
    return second_officer(cast, live)


class TestGrounds:
    @pytest.mark.parametrize("ground", [g for g in Ground if g not in ("alert", "covered_face", "avoided_camera")])
    def test_a_stop_without_an_alert_is_marked_as_such(self, ground: str, cast: Cast, live: Deployment) -> None:
        stop = start(cast.finn, live, ground)
        assert stop.alert is None
        facts = json.loads(AuditEntry.objects.get(action="stop.started").body)["facts"]
        about = {"stop": str(stop.pk), "alert": None, "grounds": [ground]}
        assert facts == about | {"based_on_alert": False, "after_closing": False}

    @pytest.mark.parametrize("grounds", [["covered_face"], ["avoided_camera"], ["avoided_camera", "covered_face"]])
    def test_declining_to_be_scanned_is_none(self, grounds: list[str], cast: Cast, live: Deployment) -> None:
        with pytest.raises(Refused, match="lawful and no ground") as caught:
            start(cast.finn, live, *grounds)
        assert caught.value.code == "ground_not_enough"
        assert not Stop.objects.exists()

    @pytest.mark.parametrize("ground", ["covered_face", "avoided_camera"])
    def test_it_may_stand_beside_a_real_one(self, ground: str, cast: Cast, live: Deployment) -> None:
        assert start(cast.finn, live, ground, "behaviour").grounds == sorted([ground, "behaviour"])

    @pytest.mark.parametrize("grounds", [[], ["looked_odd"], ["behaviour", "looked_odd"]])
    def test_they_come_from_the_closed_list(self, grounds: list[str], cast: Cast, live: Deployment) -> None:
        with pytest.raises(InvalidInput, match="Choose the grounds"):
            start(cast.finn, live, *grounds)

    def test_an_alert_is_a_ground_exactly_when_there_is_one(
        self, cast: Cast, live: Deployment, confirmed: Alert
    ) -> None:
        with pytest.raises(InvalidInput, match="exactly when"):
            start(cast.finn, live, "behaviour", alert=confirmed)
        with pytest.raises(InvalidInput, match="exactly when"):
            start(cast.finn, live, "alert", "behaviour")
        assert start(cast.finn, live, "alert", alert=confirmed).alert == confirmed

    def test_only_a_confirmed_alert_of_this_deployment_is_one(
        self, cast: Cast, live: Deployment, confirmed: Alert
    ) -> None:
        with pytest.raises(Refused, match="Only a confirmed alert of this deployment"):
            start(cast.finn, make_live(cast), "alert", alert=confirmed)
        other = make_live(cast)
        opened = make_alert(other)
        with pytest.raises(Refused, match="Only a confirmed"):
            start(cast.finn, other, "alert", alert=opened)
        alert_decide(actor=cast.olga, alert=opened, answer="different", reason="The nose.", now=timezone.now())
        dismissed = Alert.objects.get(pk=opened.pk)
        with pytest.raises(Refused, match="Only a confirmed"):
            start(cast.finn, other, "alert", alert=dismissed)


class TestOneAtATime:
    def test_two_officers_do_not_stop_someone_on_one_alert(
        self, cast: Cast, live: Deployment, confirmed: Alert, fiona: User
    ) -> None:
        first = start(cast.finn, live, "alert", alert=confirmed)
        with pytest.raises(Refused, match="colleague"):
            start(fiona, live, "alert", alert=confirmed)
        end(cast.finn, first)
        assert start(fiona, live, "alert", alert=confirmed).officer == fiona

    def test_a_second_tap_starts_no_second_stop(self, cast: Cast, live: Deployment) -> None:
        stop = start(cast.finn, live, "behaviour")
        with pytest.raises(Refused, match="end it first"):
            start(cast.finn, live, "behaviour")
        end(cast.finn, stop)
        start(cast.finn, live, "behaviour")

    def test_officers_stop_different_people_at_once(self, cast: Cast, live: Deployment, fiona: User) -> None:
        start(cast.finn, live, "behaviour")
        start(fiona, live, "behaviour")
        assert live.stops.filter(state="started").count() == 2


class TestWhen:
    def test_not_before_it_is_live_nor_after_it_is_closed(self, cast: Cast, live: Deployment) -> None:
        deployment_close(actor=cast.olga, deployment=Deployment.objects.get(pk=live.pk), reason="Done.")
        with pytest.raises(Refused, match="stops on alerts confirmed here can be recorded"):
            start(cast.finn, live, "behaviour")  # `live` was read before
        with pytest.raises(Refused, match="live or paused"):
            start(cast.finn, make_draft(cast), "behaviour")

    def test_one_on_an_alert_confirmed_in_the_last_minute_begins_after_the_window(
        self, cast: Cast, live: Deployment, confirmed: Alert
    ) -> None:
        Deployment.objects.filter(pk=live.pk).update(ends_at=timezone.now())
        deployments_close_due(now=timezone.now())
        stop = start(cast.finn, live, "alert", alert=confirmed)
        facts = json.loads(AuditEntry.objects.get(action="stop.started").body)["facts"]
        assert (stop.alert, facts["after_closing"]) == (confirmed, True)

    def test_an_hour_after_closing_none_is_recorded(self, cast: Cast, live: Deployment, confirmed: Alert) -> None:
        deployment_close(actor=cast.olga, deployment=live, reason="Done.")
        assert live.closed_at is not None
        for grounds, alert in ((("alert",), confirmed), (("behaviour",), None)):
            with pytest.raises(Refused, match=r"closed: stops could be recorded until \d\d:\d\d on") as caught:
                start(cast.finn, live, *grounds, alert=alert, now=live.closed_at + dt.timedelta(hours=1))
            assert caught.value.code == "closed"
        last = live.closed_at + dt.timedelta(minutes=59)
        assert start(cast.finn, live, "alert", alert=confirmed, now=last).started_at == last

    def test_while_it_is_paused(self, cast: Cast, live: Deployment) -> None:
        deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")
        start(cast.finn, live, "behaviour")

    def test_one_that_was_started_is_ended_after_the_close(self, cast: Cast, live: Deployment) -> None:
        stop = start(cast.finn, live, "behaviour")
        deployment_close(actor=cast.olga, deployment=live, reason="Done.")
        assert end(cast.finn, stop).outcome == Outcome.NO_ACTION


def test_two_alerts_give_two_stops(cast: Cast, fiona: User, live: Deployment) -> None:
    one, other = make_listed_subject(cast), make_listed_subject(cast)
    there = make_live(cast, one, other)
    for subject in (one, other):
        stop = start(cast.finn, there, "alert", alert=confirm(cast, make_alert(there, **seen(subject))))
        end(cast.finn, stop)
    assert there.stops.count() == 2
