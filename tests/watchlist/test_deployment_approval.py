"""What an authoriser approves: the terms that were read, and nothing that nobody could run."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast, approve, make_draft, make_listed_subject
from watchlist.errors import Refused, StaleState
from watchlist.models import Appointment, AuditEntry, Deployment, DeploymentState, Role, Subject
from watchlist.selectors.terms import terms_digest
from watchlist.services.deployments import (
    deployment_approve,
    deployment_start,
    deployment_update,
)
from watchlist.services.lists import list_add
from watchlist.services.staffing import camera_add, member_remove


def fresh(deployment: Deployment) -> Deployment:
    return Deployment.objects.get(pk=deployment.pk)


class TestApproval:
    def test_is_recorded_with_the_terms(self, cast: Cast) -> None:
        draft = make_draft(cast)
        list_add(actor=cast.sam, deployment=draft, subject=make_listed_subject(cast))
        approve(cast.ada, draft)
        deployment = fresh(draft)
        assert (deployment.state, deployment.approved_by) == (DeploymentState.APPROVED, cast.ada)
        facts = json.loads(AuditEntry.objects.get(action="deployment.approved").body)["facts"]
        assert (facts["one_in"], facts["threshold"], facts["cameras"]) == (1000, deployment.threshold, 1)
        assert (facts["listed"], facts["calibrated_for"]) == (1, 1)
        assert facts["calibration"]["sha256"] == deployment.calibration.sha256
        assert facts["categories"] == deployment.categories

    def test_is_recorded_with_the_terms_compared_not_those_in_hand(self, cast: Cast) -> None:
        in_hand = make_draft(cast, one_in=2000)
        deployment_update(actor=cast.sam, deployment=fresh(in_hand), one_in=3000)
        deployment_approve(actor=cast.ada, deployment=in_hand, terms=terms_digest(fresh(in_hand)))
        facts = json.loads(AuditEntry.objects.get(action="deployment.approved").body)["facts"]
        assert (facts["one_in"], fresh(in_hand).one_in) == (3000, 3000)

    def test_is_refused_to_the_applicant_in_whatever_role(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        Appointment.objects.create(user=cast.sam, role=Role.AUTHORISER)
        deployment.memberships.create(user=cast.sam, role=Role.AUTHORISER, added_by=cast.sam)
        with pytest.raises(Refused, match="Whoever applied"):
            approve(cast.sam, fresh(deployment))

    @pytest.mark.parametrize(
        "changes",
        [
            lambda sam, deployment, _: deployment_update(actor=sam, deployment=deployment, one_in=2000),
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
