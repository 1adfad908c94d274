"""What must come before a stop's outcome, what its minutes are, and who ends it?"""

import datetime as dt
import json
from typing import Any

import pytest
from django.urls import reverse

from tests.cast import Cast, browser, make_alert, make_live, make_user
from tests.watchlist.stopping import confirm, end, second_officer, start
from watchlist.errors import IllegalTransition, InvalidInput, NotAllowed, Refused, StaleState
from watchlist.models import (
    Alert,
    AuditDetail,
    AuditEntry,
    Deployment,
    IdentityCheck,
    Outcome,
    Role,
    Stop,
    User,
)
from watchlist.services.deployments import deployment_close
from watchlist.services.staffing import member_add, member_remove
from watchlist.services.stops import stop_end
from watchlist.services.users import appointment_add, appointment_remove, user_update


@pytest.fixture
def live(cast: Cast) -> Deployment:
    return make_live(cast)


@pytest.fixture
def confirmed(cast: Cast, live: Deployment) -> Alert:
    return confirm(cast, make_alert(live))


@pytest.fixture
def fiona(cast: Cast, live: Deployment) -> User:
    return second_officer(cast, live)


class TestEnd:
    @pytest.mark.parametrize("outcome", Outcome.values)
    @pytest.mark.parametrize("check", IdentityCheck.values)
    def test_arrest_and_penalty_need_an_identity(self, outcome: str, check: str, cast: Cast, live: Deployment) -> None:
        stop = start(cast.finn, live, "behaviour")
        refused = outcome in ("arrest", "penalty") and check == "none"
        if refused:
            with pytest.raises(InvalidInput, match="check the person's identity first"):
                end(cast.finn, stop, outcome=outcome, identity_check=check, note="Taken home.")
            assert Stop.objects.get(pk=stop.pk).state == "started"
        else:
            ended = end(cast.finn, stop, outcome=outcome, identity_check=check, note="Taken home.")
            assert (ended.state, ended.outcome, ended.identity_check) == ("ended", outcome, check)

    @pytest.mark.parametrize(
        ("seconds", "minutes"), [(0, 1), (59, 1), (60, 1), (61, 2), (5 * 60, 5), (5 * 60 + 1, 6), (-30, 1)]
    )
    def test_minutes_are_the_clocks_rounded_up(self, seconds: int, minutes: int, cast: Cast, live: Deployment) -> None:
        stop = start(cast.finn, live, "behaviour")
        assert end(cast.finn, stop, now=stop.started_at + dt.timedelta(seconds=seconds)).minutes == minutes

    def test_an_officers_figure_is_kept_beside_the_clocks(self, cast: Cast, live: Deployment) -> None:
        stop = start(cast.finn, live, "behaviour")
        end(cast.finn, stop, now=stop.started_at + dt.timedelta(minutes=20), minutes=4, note="He lives in Mill Lane.")
        entry = AuditEntry.objects.get(action="stop.ended")
        facts = json.loads(entry.body)["facts"]
        assert (facts["minutes"], facts["minutes_measured"]) == (4, 20)
        assert "Mill Lane" not in entry.body
        assert "Mill Lane" in AuditDetail.objects.get(entry=entry).text

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"identity_check": ""}, "identity_check"),
            ({"identity_check": "hunch"}, "identity_check"),
            ({"outcome": ""}, "outcome"),
            ({"outcome": "avoided_camera"}, "outcome"),
            ({"outcome": "other", "note": "  "}, "note"),
            ({"minutes": -1}, "minutes"),
            ({"minutes": 24 * 60 + 1}, "minutes"),
            ({"note": "x" * 5001}, "note"),
        ],
    )
    def test_what_cannot_be_used_is_said(
        self, changes: dict[str, Any], code: str, cast: Cast, live: Deployment
    ) -> None:
        stop = start(cast.finn, live, "behaviour")
        with pytest.raises(InvalidInput) as caught:
            end(cast.finn, stop, **changes)
        assert caught.value.code == code
        assert Stop.objects.get(pk=stop.pk).state == "started"

    def test_once_and_by_the_officer_who_started_it(self, cast: Cast, live: Deployment, fiona: User) -> None:
        stop = start(cast.finn, live, "behaviour")
        with pytest.raises(NotAllowed, match="who started"):
            end(fiona, stop)
        first, second = (Stop.objects.get(pk=stop.pk) for _ in range(2))
        end(cast.finn, stop)
        with pytest.raises(IllegalTransition):
            end(cast.finn, stop)
        with pytest.raises(StaleState):
            stop_end(
                actor=cast.finn, stop=second, identity_check="none", outcome="advice", note="", now=first.started_at
            )


class TestWhoeverIsOfficerNoMore:
    def test_is_not_taken_off_the_team_while_their_stop_runs(self, cast: Cast, live: Deployment) -> None:
        stop, membership = start(cast.finn, live, "behaviour"), live.memberships.get(user=cast.finn)
        with pytest.raises(Refused, match="Finn has a stop running here: it is ended first"):
            member_remove(actor=cast.sam, membership=membership)
        end(cast.finn, stop)
        member_remove(actor=cast.sam, membership=membership)

    def test_still_ends_what_they_began(self, cast: Cast, live: Deployment, fiona: User) -> None:
        stop = start(cast.finn, live, "behaviour")
        appointment_remove(actor=cast.adam, appointment=cast.finn.appointments.get())
        assert end(cast.finn, stop).state == "ended"

    @pytest.mark.parametrize("lost", ["account", "appointment"])
    def test_is_replaced_by_a_colleague(
        self, lost: str, cast: Cast, live: Deployment, confirmed: Alert, fiona: User
    ) -> None:
        stop = start(cast.finn, live, "alert", alert=confirmed)
        if lost == "account":
            user_update(actor=cast.adam, user=cast.finn, display_name="Finn", is_active=False)
            with pytest.raises(NotAllowed):
                end(User.objects.get(pk=cast.finn.pk), stop)
        else:
            appointment_remove(actor=cast.adam, appointment=cast.finn.appointments.get())
        with pytest.raises(NotAllowed):
            end(cast.olga, stop)
        assert end(fiona, stop).officer == cast.finn
        entry = AuditEntry.objects.get(action="stop.ended")
        assert (entry.actor, json.loads(entry.body)["facts"]["officer"]) == (str(fiona.pk), str(cast.finn.pk))
        assert start(fiona, live, "alert", alert=confirmed).officer == fiona

    def test_is_replaced_after_the_close_by_an_officer_added_for_it(self, cast: Cast, live: Deployment) -> None:
        stop, fiona = start(cast.finn, live, "behaviour"), make_user("fiona")
        for role in (Role.OFFICER, Role.OPERATOR):
            appointment_add(actor=cast.adam, user=fiona, role=role)
        user_update(actor=cast.adam, user=cast.finn, display_name="Finn", is_active=False)
        deployment_close(actor=cast.olga, deployment=live, reason="Done.")
        offer = "Add person to the team"
        url = reverse("admin:watchlist_deployment_change", args=[live.pk])
        assert offer in browser(cast.sam).get(url).content.decode()
        with pytest.raises(Refused, match="except an officer while a stop runs"):
            member_add(actor=cast.sam, deployment=live, user=fiona, role=Role.OPERATOR)
        member_add(actor=cast.sam, deployment=live, user=fiona, role=Role.OFFICER)
        assert AuditEntry.objects.latest("seq").action == "member.added"
        assert end(fiona, stop).state == "ended"
        with pytest.raises(Refused, match="closed"):
            member_add(actor=cast.sam, deployment=live, user=make_user("frank"), role=Role.OFFICER)
        assert offer not in browser(cast.sam).get(url).content.decode()
