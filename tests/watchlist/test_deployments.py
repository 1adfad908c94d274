"""A deployment's life, and the duties that one person must not hold together."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast, approve, make_alert, make_draft, make_listed_subject, make_live, make_user
from watchlist.errors import IllegalTransition, InvalidInput, NotAllowed, Refused, StaleState
from watchlist.models import Appointment, AuditDetail, AuditEntry, Deployment, DeploymentState, Role, Subject, User
from watchlist.selectors.deployments import gate
from watchlist.selectors.terms import terms_digest
from watchlist.services.counters import deployment_counted
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import (
    deployment_approve,
    deployment_close,
    deployment_pause,
    deployment_resume,
    deployment_start,
    deployment_update,
    deployments_close_due,
)
from watchlist.services.lists import list_add
from watchlist.services.staffing import camera_add, camera_remove, camera_rename, member_add, member_remove
from watchlist.services.users import appointment_add, appointment_remove, user_update

HOUR = dt.timedelta(hours=1)


def fresh(deployment: Deployment) -> Deployment:
    return Deployment.objects.get(pk=deployment.pk)


def approved(cast: Cast, **fields: Any) -> Deployment:
    deployment = make_draft(cast, **fields)
    list_add(actor=cast.sam, deployment=deployment, subject=make_listed_subject(cast))
    deployment = fresh(deployment)
    approve(cast.ada, deployment)
    return fresh(deployment)


def appoint(cast: Cast, user: User, role: Role) -> None:
    Appointment.objects.get_or_create(user=user, role=role)


class TestApplication:
    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"ends_at": timezone.now() + 30 * HOUR}, "ends_at"),
            ({"ends_at": timezone.now() - HOUR}, "invalid"),
            ({"threshold": 1.0}, "threshold"),
            ({"threshold": float("nan")}, "threshold"),
            ({"categories": []}, "invalid"),
            ({"categories": ["persons_of_interest"]}, "invalid"),
            ({"ground": "because"}, "invalid"),
            ({"time_zone": "Mars/Olympus"}, "invalid"),
            ({"alert_seconds": 9}, "alert_seconds"),
            ({"alert_seconds": 601}, "alert_seconds"),
            ({"quiet_seconds": 3601}, "quiet_seconds"),
            ({"purpose": ""}, "invalid"),
            ({"state": "live"}, "unknown_field"),
            ({"approved_by": None}, "unknown_field"),
        ],
    )
    def test_what_could_not_be_approved_is_not_taken(self, fields: dict[str, Any], code: str, cast: Cast) -> None:
        with pytest.raises(InvalidInput) as caught:
            make_draft(cast, **fields)
        assert caught.value.code == code

    def test_demo_deployments_exist_only_with_the_demo(self, cast: Cast, settings: Any) -> None:
        settings.LFR_DEMO = False
        with pytest.raises(InvalidInput, match="demo"):
            make_draft(cast, demo=True)

    def test_an_approved_one_is_not_changed(self, cast: Cast) -> None:
        deployment = approved(cast)
        with pytest.raises(Refused, match="cannot be changed"):
            deployment_update(actor=cast.sam, deployment=deployment, threshold=0.1)
        camera = deployment.cameras.get()
        for change in (
            lambda: camera_add(actor=cast.sam, deployment=deployment, name="South"),
            lambda: camera_rename(actor=cast.sam, camera=camera, name="South"),
            lambda: camera_remove(actor=cast.sam, camera=camera),
        ):
            with pytest.raises(Refused, match="part of what is approved"):
                change()

    def test_a_drafts_cameras_are_renamed_and_removed_on_the_record(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        camera = deployment.cameras.get()
        camera_add(actor=cast.sam, deployment=deployment, name="South")
        for name in ("South", ""):
            with pytest.raises(InvalidInput):
                camera_rename(actor=cast.sam, camera=camera, name=name)
        assert camera_rename(actor=cast.sam, camera=camera, name="West").pk == camera.pk
        camera_remove(actor=cast.sam, camera=camera)
        assert [each.name for each in deployment.cameras.all()] == ["South"]
        with pytest.raises(Refused, match="removed already"):
            camera_remove(actor=cast.sam, camera=camera)
        details = AuditDetail.objects.filter(entry__action__in=("camera.renamed", "camera.removed"))
        assert [json.loads(detail.text) for detail in details.order_by("entry_id")] == [
            {"before": "North", "after": "West"},
            {"name": "West"},
        ]


class TestApproval:
    def test_is_recorded_with_the_terms(self, cast: Cast) -> None:
        deployment = approved(cast)
        assert (deployment.state, deployment.approved_by) == (DeploymentState.APPROVED, cast.ada)
        facts = json.loads(AuditEntry.objects.get(action="deployment.approved").body)["facts"]
        assert (facts["threshold"], facts["cameras"], facts["listed"]) == (deployment.threshold, 1, 1)
        assert facts["categories"] == deployment.categories

    def test_is_recorded_with_the_terms_compared_not_those_in_hand(self, cast: Cast) -> None:
        in_hand = make_draft(cast, threshold=0.9)
        deployment_update(actor=cast.sam, deployment=fresh(in_hand), threshold=0.5)
        deployment_approve(actor=cast.ada, deployment=in_hand, terms=terms_digest(fresh(in_hand)))
        facts = json.loads(AuditEntry.objects.get(action="deployment.approved").body)["facts"]
        assert (facts["threshold"], fresh(in_hand).threshold) == (0.5, 0.5)

    def test_is_refused_to_the_applicant_in_whatever_role(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        appoint(cast, cast.sam, Role.AUTHORISER)
        deployment.memberships.create(user=cast.sam, role=Role.AUTHORISER, added_by=cast.sam)
        with pytest.raises(Refused, match="Whoever applied"):
            approve(cast.sam, fresh(deployment))

    @pytest.mark.parametrize(
        "changes",
        [
            lambda sam, deployment, _: deployment_update(actor=sam, deployment=deployment, threshold=0.1),
            lambda sam, deployment, _: deployment_update(actor=sam, deployment=deployment, quiet_seconds=0),
            lambda sam, deployment, _: camera_add(actor=sam, deployment=deployment, name="South"),
            lambda sam, deployment, _: member_remove(actor=sam, membership=deployment.memberships.get(role="officer")),
            lambda sam, deployment, subject: list_add(actor=sam, deployment=deployment, subject=subject),
        ],
    )
    def test_is_for_the_terms_that_were_read(self, changes: Callable[..., Any], cast: Cast) -> None:
        deployment = make_draft(cast)
        read = terms_digest(fresh(deployment))
        changes(cast.sam, fresh(deployment), make_listed_subject(cast))
        with pytest.raises(StaleState, match="changed since you read it"):
            deployment_approve(actor=cast.ada, deployment=fresh(deployment), terms=read)
        assert fresh(deployment).state == DeploymentState.DRAFT

    def test_is_refused_for_a_list_of_the_approvers_own_entries_alone(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        own, others = make_listed_subject(cast), make_listed_subject(cast)
        Subject.objects.filter(pk=own.pk).update(added_by=cast.ada)
        list_add(actor=cast.sam, deployment=deployment, subject=own)
        with pytest.raises(Refused, match="entered by the person who approves"):
            approve(cast.ada, fresh(deployment))
        list_add(actor=cast.sam, deployment=deployment, subject=others)
        approve(cast.ada, fresh(deployment))

    def test_is_no_way_around_by_listing_afterwards(self, cast: Cast) -> None:
        deployment = fresh(make_draft(cast))
        approve(cast.ada, deployment)
        own = make_listed_subject(cast)
        Subject.objects.filter(pk=own.pk).update(added_by=cast.ada)
        list_add(actor=cast.sam, deployment=deployment, subject=own)
        with pytest.raises(Refused, match="entered by the person who approves"):
            deployment_start(actor=cast.olga, deployment=deployment)

    def test_needs_somebody_who_could_run_it(self, cast: Cast) -> None:
        deployment = make_draft(cast, two_person=True)
        deployment.memberships.filter(user=cast.omar).delete()
        with pytest.raises(Refused, match="two operators"):
            approve(cast.ada, fresh(deployment))
        deployment.memberships.filter(user=cast.olga).delete()
        with pytest.raises(Refused, match="no operator"):
            approve(cast.ada, fresh(deployment))
        deployment.cameras.all().delete()
        with pytest.raises(Refused, match="no camera"):
            approve(cast.ada, fresh(deployment))

    def test_comes_too_late_after_the_window(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        Deployment.objects.filter(pk=deployment.pk).update(ends_at=timezone.now())
        with pytest.raises(Refused, match="has passed"):
            approve(cast.ada, fresh(deployment))


class TestRunning:
    def test_starts_inside_its_window_with_somebody_to_look_for(self, cast: Cast) -> None:
        early = approved(cast, starts_at=timezone.now() + HOUR)
        with pytest.raises(Refused, match="opens at"):
            deployment_start(actor=cast.olga, deployment=early)
        late = approved(cast)
        Deployment.objects.filter(pk=late.pk).update(ends_at=timezone.now())
        with pytest.raises(Refused, match="has passed"):
            deployment_start(actor=cast.olga, deployment=fresh(late))
        empty = fresh(make_draft(cast))
        approve(cast.ada, empty)
        with pytest.raises(Refused, match="nothing to look for"):
            deployment_start(actor=cast.olga, deployment=empty)

    def test_pauses_and_resumes(self, cast: Cast) -> None:
        live = make_live(cast)
        with pytest.raises(Refused, match="Only a paused"):
            deployment_resume(actor=cast.olga, deployment=live)
        deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")
        with pytest.raises(Refused, match="Only an approved"):
            deployment_start(actor=cast.olga, deployment=live)  # a pause ends by resuming, and the record says so
        deployment_resume(actor=cast.omar, deployment=live)
        assert fresh(live).state == DeploymentState.LIVE

    def test_is_not_resumed_after_its_window(self, cast: Cast) -> None:
        live = make_live(cast)
        deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")
        Deployment.objects.filter(pk=live.pk).update(ends_at=timezone.now())
        with pytest.raises(Refused, match="has passed"):
            deployment_resume(actor=cast.olga, deployment=fresh(live))

    @pytest.mark.parametrize(
        ("offset", "code"), [(-1, "before_window"), (0, None), (3599, None), (3600, "after_window")]
    )
    def test_the_gate_opens_with_the_window_and_closes_at_its_end(
        self, offset: int, code: str | None, cast: Cast
    ) -> None:
        live = make_live(cast)
        start = timezone.now()
        live.starts_at, live.ends_at = start, start + HOUR
        if code is None:
            gate(live, start + dt.timedelta(seconds=offset))
            return
        with pytest.raises(Refused) as caught:
            gate(live, start + dt.timedelta(seconds=offset))
        assert caught.value.code == code

    @pytest.mark.parametrize("state", [state for state in DeploymentState if state != DeploymentState.LIVE])
    def test_the_gate_is_shut_in_every_state_but_live(self, state: str, cast: Cast) -> None:
        deployment = Deployment(state=state, starts_at=timezone.now() - HOUR, ends_at=timezone.now() + HOUR)
        with pytest.raises(Refused):
            gate(deployment, timezone.now())


class TestClosing:
    def test_ends_what_is_open_and_counts_it(self, cast: Cast) -> None:
        live = make_live(cast)
        make_alert(live)
        deployment_counted(deployment_id=live.pk, faces_seen=7, templates_destroyed=30)
        deployment_close(actor=cast.olga, deployment=live, reason="The shift is over.")
        facts = json.loads(AuditEntry.objects.get(action="deployment.closed").body)["facts"]
        assert facts == {
            "why": "person",
            "from": "live",
            "expired": 1,
            "alerts": 1,
            "stops": 0,
            "faces_seen": 7,
            "templates_destroyed": 30,
        }

    def test_happens_by_itself_when_the_window_is_over(self, cast: Cast) -> None:
        live, draft = make_live(cast), make_draft(cast)
        assert deployments_close_due(now=live.ends_at - dt.timedelta(microseconds=1)) == 0
        assert deployments_close_due(now=max(live.ends_at, draft.ends_at)) == 2
        assert deployments_close_due(now=max(live.ends_at, draft.ends_at)) == 0
        assert {fresh(live).state, fresh(draft).state} == {DeploymentState.CLOSED}

    def test_is_for_good(self, cast: Cast) -> None:
        live = make_live(cast)
        deployment_close(actor=cast.ada, deployment=live, reason="Withdrawn.")
        with pytest.raises(IllegalTransition):
            deployment_close(actor=cast.ada, deployment=live, reason="Again.")
        with pytest.raises(Refused):
            deployment_start(actor=cast.olga, deployment=live)


class TestSeparationOfDuties:
    @pytest.mark.parametrize(
        ("holds", "wanted"),
        [
            ("authoriser", "operator"),
            ("authoriser", "steward"),
            ("authoriser", "officer"),
            ("steward", "operator"),
            ("operator", "steward"),
            ("operator", "authoriser"),
        ],
    )
    def test_two_of_these_are_not_one_persons(self, holds: str, wanted: str, cast: Cast) -> None:
        deployment, person = make_draft(cast), make_user("pat")
        for role in (holds, wanted):
            appoint(cast, person, Role(role))
        member_add(actor=cast.sam, deployment=deployment, user=person, role=holds)
        with pytest.raises(Refused) as caught:
            member_add(actor=cast.sam, deployment=deployment, user=person, role=wanted)
        assert caught.value.code == "separation_of_duties"

    def test_leaving_a_role_does_not_undo_what_was_done_in_it(self, cast: Cast) -> None:
        live = make_live(cast)
        alert = make_alert(live)
        alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The scar.", now=timezone.now())
        member_remove(actor=cast.sam, membership=live.memberships.get(user=cast.olga))
        appoint(cast, cast.olga, Role.STEWARD)
        with pytest.raises(Refused, match="is or was operator"):
            member_add(actor=cast.sam, deployment=live, user=cast.olga, role=Role.STEWARD)

    def test_whoever_built_the_list_does_not_operate_it_later(self, cast: Cast) -> None:
        deployment, sue = make_draft(cast), make_user("sue")
        for role in (Role.STEWARD, Role.OPERATOR):
            appoint(cast, sue, role)
        membership = member_add(actor=cast.sam, deployment=deployment, user=sue, role=Role.STEWARD)
        list_add(actor=sue, deployment=deployment, subject=make_listed_subject(cast))
        member_remove(actor=cast.sam, membership=membership)
        with pytest.raises(Refused, match="is or was steward"):
            member_add(actor=cast.sam, deployment=deployment, user=sue, role=Role.OPERATOR)

    def test_the_applicant_stays_steward(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        with pytest.raises(Refused, match="to the end"):
            member_remove(actor=cast.sam, membership=deployment.memberships.get(user=cast.sam))

    def test_who_applied_and_who_approved_stay(self, cast: Cast) -> None:
        deployment = approved(cast)
        for person in (cast.sam, cast.ada):
            with pytest.raises(Refused):
                member_remove(actor=cast.sam, membership=deployment.memberships.get(user=person))

    @pytest.mark.parametrize("role", ["auditor", "administrator", "nobody", ""])
    def test_roles_that_count_everywhere_are_not_given_here(self, role: str, cast: Cast) -> None:
        with pytest.raises(InvalidInput):
            member_add(actor=cast.sam, deployment=make_draft(cast), user=cast.nell, role=role)

    def test_nobody_is_added_without_an_appointment(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="not appointed"):
            member_add(actor=cast.sam, deployment=make_draft(cast), user=cast.nell, role=Role.OPERATOR)

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
    def test_an_auditor_holds_no_other_role(self, role: Role, cast: Cast) -> None:
        with pytest.raises(Refused, match="nobody audits their own work"):
            appointment_add(actor=cast.adam, user=cast.audrey, role=role)
        appoint(cast, cast.nell, role)
        with pytest.raises(Refused, match="nobody audits their own work"):
            appointment_add(actor=cast.adam, user=cast.nell, role=Role.AUDITOR)

    def test_nobody_appoints_themselves(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="themselves"):
            appointment_add(actor=cast.adam, user=cast.adam, role=Role.OPERATOR)

    def test_a_first_administrator_is_made_once(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="has an administrator"):
            appointment_add(actor=None, user=cast.nell, role=Role.ADMINISTRATOR)

    def test_the_last_administrator_stays(self, cast: Cast) -> None:
        last = Appointment.objects.get(user=cast.adam)
        with pytest.raises(Refused, match="appoint another one first"):
            appointment_remove(actor=cast.adam, appointment=last)
        with pytest.raises(InvalidInput, match="your own account"):
            user_update(actor=cast.adam, user=cast.adam, display_name="Adam", is_active=False)
        appointment_add(actor=cast.adam, user=cast.nell, role=Role.ADMINISTRATOR)
        appointment_remove(actor=cast.nell, appointment=last)

    def test_an_administrator_who_is_deactivated_does_not_count(self, cast: Cast) -> None:
        appointment_add(actor=cast.adam, user=cast.nell, role=Role.ADMINISTRATOR)
        user_update(actor=cast.adam, user=cast.nell, display_name="Nell", is_active=False)
        with pytest.raises(Refused, match="appoint another one first"):
            appointment_remove(actor=cast.adam, appointment=Appointment.objects.get(user=cast.adam))
        appointment_remove(actor=cast.adam, appointment=Appointment.objects.get(user=cast.nell))
