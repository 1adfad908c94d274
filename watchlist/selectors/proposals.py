"""Looser promises that wait for an authoriser."""

from uuid import UUID

from django.db.models import QuerySet

from watchlist.errors import NotFound
from watchlist.models import Deployment, Proposal, ProposalState, User
from watchlist.permissions import Permission, allowed, deployment_for
from watchlist.selectors.deployments import ENDED, deployments_of


def open_proposals(deployment: Deployment) -> QuerySet[Proposal]:
    """One, or none; what waits when a deployment closes waits for nobody."""
    waiting = Proposal.objects.none() if deployment.state in ENDED else deployment.proposals.all()
    return waiting.filter(state=ProposalState.OPEN).select_related("proposed_by")


def proposals_waiting_for(user: User) -> list[Proposal]:
    """Those that this person may agree to: as an authoriser there, proposed by another. The oldest first."""
    open_ones = Proposal.objects.filter(state=ProposalState.OPEN, deployment__in=deployments_of(user))
    others = open_ones.exclude(deployment__state__in=ENDED).exclude(proposed_by=user).order_by("proposed_at")
    return [
        proposal
        for proposal in others.select_related("deployment")
        if allowed(user, Permission.PROMISE_AGREE, proposal.deployment)
    ]


def proposal_for(user: User, pk: UUID, permission: Permission) -> Proposal:
    """The proposal with its deployment, if this person may do this there. Raises NotFound or NotAllowed."""
    proposal = Proposal.objects.select_related("deployment", "proposed_by").filter(pk=pk).first()
    if proposal is None:
        raise NotFound("no_proposal", "There is no such proposal.")
    deployment_for(user, proposal.deployment_id, permission)
    return proposal
