"""What a deployment promises about false alerts: made stricter by one person, looser by two."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recognition.packs.calibration import shipped
from tests.cast import (
    PACK,
    Cast,
    approve,
    make_draft,
    make_listed_subject,
    make_live,
    make_user,
)
from tests.watchlist.alerting import recorded
from watchlist.errors import IllegalTransition, InvalidInput, NotAllowed, Refused, StaleState
from watchlist.models import Deployment, Proposal, ProposalState, Role, User
from watchlist.selectors.proposals import open_proposals
from watchlist.services.deployments import (
    deployment_close,
    deployment_pause,
    deployment_update,
)
from watchlist.services.lists import list_add
from watchlist.services.promises import promise_agree, promise_decline, promise_propose, promise_tighten
from watchlist.services.staffing import member_add
from watchlist.services.users import appointment_add

DEFAULT = shipped(PACK)
WHY = "Eleven people were stopped for nothing."


def fresh(deployment: Deployment) -> Deployment:
    return Deployment.objects.get(pk=deployment.pk)


def approved(cast: Cast, *, listed: int = 1, **fields: Any) -> Deployment:
    deployment = make_draft(cast, **fields)
    for _ in range(listed):
        list_add(actor=cast.sam, deployment=deployment, subject=make_listed_subject(cast))
    approve(cast.ada, deployment)
    return fresh(deployment)


def second_authoriser(cast: Cast, deployment: Deployment) -> User:
    """Alma, who authorises as Ada does."""
    alma = make_user("alma")
    appointment_add(actor=cast.adam, user=alma, role=Role.AUTHORISER)
    deployment.memberships.create(user=alma, role=Role.AUTHORISER, added_by=cast.sam)
    return alma


class TestTightening:
    @pytest.mark.parametrize("who", ["ada", "sam"])
    def test_is_one_persons_while_it_runs_with_a_reason(self, who: str, cast: Cast) -> None:
        live = make_live(cast)
        actor = getattr(cast, who)
        with pytest.raises(InvalidInput, match="Say why"):
            promise_tighten(actor=actor, deployment=live, one_in=2000, reason=" ")
        promise_tighten(actor=actor, deployment=live, one_in=2000, reason=WHY)
        assert (fresh(live).one_in, fresh(live).threshold) == (2000, DEFAULT.threshold_for(templates=1, one_in=2000))
        [facts] = recorded("promise.tightened")
        assert (facts["before"], facts["after"]) == (1000, 2000)
        assert (facts["threshold_before"], facts["threshold"]) == (live.threshold, fresh(live).threshold)

    def test_is_free_in_a_draft(self, cast: Cast) -> None:
        draft = make_draft(cast)
        assert deployment_update(actor=cast.sam, deployment=draft, one_in=5000).one_in == 5000
        assert deployment_update(actor=cast.sam, deployment=draft, one_in=1000).one_in == 1000
        with pytest.raises(Refused, match="its steward changes the application"):
            promise_tighten(actor=cast.ada, deployment=draft, one_in=2000, reason=WHY)

    def test_is_no_way_to_loosen(self, cast: Cast) -> None:
        live = make_live(cast)
        for one_in in (1000, 999):
            with pytest.raises(Refused, match="promised already"):
                promise_tighten(actor=cast.ada, deployment=live, one_in=one_in, reason=WHY)

    def test_never_lowers_a_threshold_that_is_stricter_already(self, cast: Cast) -> None:
        live = make_live(cast, threshold=0.99)
        promise_tighten(actor=cast.ada, deployment=live, one_in=2000, reason=WHY)
        assert fresh(live).threshold == 0.99


class TestLoosening:
    def test_is_refused_to_one_person_alone(self, cast: Cast) -> None:
        with pytest.raises(InvalidInput, match="needs a second person"):
            make_draft(cast, one_in=999)
        draft = make_draft(cast)
        with pytest.raises(InvalidInput, match="needs a second person"):
            deployment_update(actor=cast.sam, deployment=draft, one_in=100)

    @pytest.mark.parametrize("state", ["approved", "live", "paused"])
    def test_takes_effect_when_another_authoriser_agrees(self, state: str, cast: Cast) -> None:
        deployment = approved(cast) if state == "approved" else make_live(cast)
        if state == "paused":
            deployment_pause(actor=cast.olga, deployment=deployment, reason="Rain.")
        proposal = promise_propose(actor=cast.sam, deployment=deployment, one_in=100, reason="A child is missing.")
        assert fresh(deployment).threshold == deployment.threshold
        promise_agree(actor=cast.ada, proposal=proposal)
        assert (fresh(deployment).one_in, fresh(deployment).state) == (100, state)
        assert fresh(deployment).threshold == DEFAULT.threshold_for(templates=1, one_in=100)
        assert recorded("promise.proposed") == [{"proposal": str(proposal.pk), "before": 1000, "after": 100}]
        [facts] = recorded("promise.loosened")
        assert (facts["before"], facts["after"], facts["threshold_before"]) == (1000, 100, deployment.threshold)
        assert (proposal.state, proposal.answered_by) == (ProposalState.AGREED, cast.ada)

    def test_of_a_draft_holds_for_the_approval(self, cast: Cast) -> None:
        draft = make_draft(cast)
        list_add(actor=cast.sam, deployment=draft, subject=make_listed_subject(cast))
        proposal = promise_propose(actor=cast.sam, deployment=draft, one_in=100, reason="A child is missing.")
        promise_agree(actor=cast.ada, proposal=proposal)
        assert (fresh(draft).one_in, fresh(draft).threshold) == (100, None)
        deployment_update(actor=cast.sam, deployment=draft, footfall=9)  # what was agreed stays
        approve(cast.ada, draft)
        assert fresh(draft).threshold == DEFAULT.threshold_for(templates=1, one_in=100)

    def test_once_made_stricter_again_it_needs_two_again(self, cast: Cast) -> None:
        draft = make_draft(cast)
        promise_agree(
            actor=cast.ada,
            proposal=promise_propose(actor=cast.sam, deployment=draft, one_in=100, reason="A child is missing."),
        )
        deployment_update(actor=cast.sam, deployment=draft, one_in=500)
        with pytest.raises(InvalidInput, match="needs a second person"):
            deployment_update(actor=cast.sam, deployment=draft, one_in=100)

    def test_what_an_authoriser_proposes_another_one_agrees_to(self, cast: Cast) -> None:
        live = make_live(cast)
        alma = second_authoriser(cast, live)
        proposal = promise_propose(actor=cast.ada, deployment=live, one_in=100, reason="A child is missing.")
        with pytest.raises(NotAllowed, match="cannot agree to it"):
            promise_agree(actor=cast.ada, proposal=proposal)
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(
                state="agreed", answered_by=cast.ada, answered_at=proposal.proposed_at
            )
        promise_agree(actor=alma, proposal=proposal)
        assert fresh(live).one_in == 100

    def test_is_agreed_to_by_an_authoriser_of_this_deployment(self, cast: Cast) -> None:
        live = make_live(cast)
        proposal = promise_propose(actor=cast.sam, deployment=live, one_in=100, reason="A child is missing.")
        elsewhere = make_user("elsewhere")
        appointment_add(actor=cast.adam, user=elsewhere, role=Role.AUTHORISER)
        member_add(actor=cast.sam, deployment=make_draft(cast), user=elsewhere, role=Role.AUTHORISER)
        with pytest.raises(NotAllowed):
            promise_agree(actor=elsewhere, proposal=proposal)

    def test_is_proposed_with_a_reason_one_at_a_time(self, cast: Cast) -> None:
        live = make_live(cast)
        with pytest.raises(InvalidInput, match="Say why"):
            promise_propose(actor=cast.sam, deployment=live, one_in=100, reason="")
        for one_in in (9, 1000, 2000):
            with pytest.raises((InvalidInput, Refused), match=r"Promise at most|no looser"):
                promise_propose(actor=cast.sam, deployment=live, one_in=one_in, reason="A child is missing.")
        promise_propose(actor=cast.sam, deployment=live, one_in=100, reason="A child is missing.")
        with pytest.raises(InvalidInput, match="waits already"):
            promise_propose(actor=cast.ada, deployment=live, one_in=200, reason="A child is missing.")

    @pytest.mark.parametrize("who", ["ada", "sam"])
    def test_is_declined_by_either_with_a_reason_and_only_once(self, who: str, cast: Cast) -> None:
        live = make_live(cast)
        proposal = promise_propose(actor=cast.sam, deployment=live, one_in=100, reason="A child is missing.")
        promise_decline(actor=getattr(cast, who), proposal=proposal, reason="She has been found.")
        assert (fresh(live).one_in, len(recorded("promise.declined"))) == (1000, 1)
        with pytest.raises(IllegalTransition):
            promise_agree(actor=cast.ada, proposal=proposal)
        promise_propose(actor=cast.sam, deployment=live, one_in=200, reason="Another child is missing.")

    def test_is_of_the_promise_that_was_proposed_about(self, cast: Cast) -> None:
        live = make_live(cast)
        proposal = promise_propose(actor=cast.sam, deployment=live, one_in=100, reason="A child is missing.")
        promise_tighten(actor=cast.ada, deployment=live, one_in=2000, reason=WHY)
        with pytest.raises(StaleState, match="changed since"):
            promise_agree(actor=cast.ada, proposal=proposal)
        assert fresh(live).one_in == 2000

    def test_ends_with_the_deployment(self, cast: Cast) -> None:
        live = make_live(cast)
        proposal = promise_propose(actor=cast.sam, deployment=live, one_in=100, reason="A child is missing.")
        assert [*open_proposals(live)] == [proposal]
        deployment_close(actor=cast.olga, deployment=live, reason="Done.")
        assert [*open_proposals(live)] == []
        for call in (
            lambda: promise_agree(actor=cast.ada, proposal=proposal),
            lambda: promise_propose(actor=cast.sam, deployment=live, one_in=50, reason="Again."),
            lambda: promise_tighten(actor=cast.sam, deployment=live, one_in=5000, reason=WHY),
        ):
            with pytest.raises(Refused, match="stays as it was"):
                call()
