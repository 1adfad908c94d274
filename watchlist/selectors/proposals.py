"""Looser promises that wait for an authoriser."""

from uuid import UUID

from django.db.models import QuerySet

from watchlist.errors import NotFound
from watchlist.models import Deployment, Proposal, ProposalState, User
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.deployments import ENDED


def open_proposals(deployment: Deployment) -> QuerySet[Proposal]:
    """One, or none; what waits when a deployment closes waits for nobody."""
    waiting = Proposal.objects.none() if deployment.state in ENDED else deployment.proposals.all()
    return waiting.filter(state=ProposalState.OPEN).select_related("proposed_by")


def proposal_for(user: User, pk: UUID, permission: Permission) -> Proposal:
    """The proposal with its deployment, if this person may do this there. Raises NotFound or NotAllowed."""
    proposal = Proposal.objects.select_related("deployment", "proposed_by").filter(pk=pk).first()
    if proposal is None:
        raise NotFound("no_proposal", "There is no such proposal.")
    deployment_for(user, proposal.deployment_id, permission)
    return proposal
