"""Changing what a deployment promises about false alerts: stricter by one person, looser by two."""

from django.db import transaction
from django.utils import timezone

from watchlist.calibration import ONE_IN
from watchlist.errors import InvalidInput, NotAllowed, Refused, StaleState
from watchlist.events import publish
from watchlist.models import LEAST_ONE_IN, MOST_ONE_IN, Deployment, DeploymentState, Proposal, ProposalState, User
from watchlist.permissions import Permission, require
from watchlist.selectors.deployments import ENDED
from watchlist.services import audit
from watchlist.services.thresholds import Fixed, only_tighter, worked_out
from watchlist.services.validation import validated, worded
from watchlist.transitions import advance


@transaction.atomic
def promise_tighten(*, actor: User, deployment: Deployment, one_in: int, reason: str) -> None:
    """Fewer false alerts than were promised, with effect on the next frame; fewer listed people are then recognised.

    What has not been approved yet is changed as the rest of the application is.
    """
    require(actor, Permission.PROMISE_CHANGE, deployment)
    reason = worded(reason, field="reason", why="Say why the promise is made stricter.")
    locked = _locked(deployment)
    if locked.state == DeploymentState.DRAFT:
        raise Refused("draft", "This deployment is not approved yet: its steward changes the application.")
    require_possible(one_in)
    if one_in <= locked.one_in:
        raise Refused("not_tighter", f"At most one false alert in {locked.one_in:,} faces is promised already.")
    before, fixed = locked.one_in, only_tighter(locked, worked_out(locked, one_in=one_in))
    _change(locked, one_in, fixed)
    audit.record(
        "promise.tightened",
        actor=actor,
        deployment=locked,
        facts={"before": before, "after": one_in, "threshold_before": locked.threshold, **fixed.facts},
        detail={"reason": reason},
    )


@transaction.atomic
def promise_propose(*, actor: User, deployment: Deployment, one_in: int, reason: str) -> Proposal:
    """More false alerts than are promised, or than 1 in 1,000: nothing changes until an authoriser here agrees."""
    require(actor, Permission.PROMISE_CHANGE, deployment)
    reason = worded(reason, field="reason", why="Say why more false alerts should be accepted.")
    locked = _locked(deployment)
    require_possible(one_in)
    if one_in >= loosest_alone(locked):
        raise Refused("not_looser", "This is no looser than what is promised: it needs no second person.")
    proposal = Proposal(deployment=locked, before=locked.one_in, after=one_in, reason=reason, proposed_by=actor)
    validated(proposal)
    proposal.save(force_insert=True)
    publish(locked.pk, "deployment.changed", state=locked.state)
    audit.record(
        "promise.proposed",
        actor=actor,
        deployment=locked,
        facts={"proposal": proposal.pk, "before": proposal.before, "after": one_in},
        detail={"reason": reason},
    )
    return proposal


@transaction.atomic
def promise_agree(*, actor: User, proposal: Proposal) -> None:
    """By an authoriser of the deployment who is not the one who proposed it; takes effect on the next frame.

    StaleState where the promise has been changed, or the proposal answered, since it was made.
    """
    require(actor, Permission.PROMISE_AGREE, proposal.deployment)
    if actor.pk == proposal.proposed_by_id:
        raise NotAllowed("own_proposal", "Whoever proposed a looser promise cannot agree to it: another must.")
    locked = _locked(proposal.deployment)
    if locked.one_in != proposal.before:
        raise StaleState("changed", "The promise has been changed since this was proposed: decline it, and look again.")
    advance(proposal, ProposalState.AGREED, answered_by=actor, answered_at=timezone.now())
    facts = {"proposal": proposal.pk, "before": proposal.before, "after": proposal.after}
    if locked.state == DeploymentState.DRAFT:
        _change(locked, proposal.after, None)
    else:
        fixed = worked_out(locked, one_in=proposal.after)
        _change(locked, proposal.after, fixed)
        facts |= {"threshold_before": locked.threshold, **fixed.facts}
    audit.record("promise.loosened", actor=actor, deployment=locked, facts=facts, detail={"reason": proposal.reason})


@transaction.atomic
def promise_decline(*, actor: User, proposal: Proposal, reason: str) -> None:
    """By an authoriser or steward of the deployment, also by whoever proposed it: the promise stays as it is."""
    require(actor, Permission.PROMISE_CHANGE, proposal.deployment)
    reason = worded(reason, field="reason", why="Say why the proposal is declined.")
    advance(proposal, ProposalState.DECLINED, answered_by=actor, answered_at=timezone.now())
    publish(proposal.deployment_id, "deployment.changed", state=proposal.deployment.state)
    audit.record(
        "promise.declined",
        actor=actor,
        deployment=proposal.deployment_id,
        facts={"proposal": proposal.pk, "before": proposal.before, "after": proposal.after},
        detail={"reason": reason},
    )


def require_possible(one_in: int) -> None:
    """Raises InvalidInput for what is no sensible promise."""
    if not LEAST_ONE_IN <= one_in <= MOST_ONE_IN:
        why = f"Promise at most one false alert in {LEAST_ONE_IN} to {MOST_ONE_IN:,} faces."
        raise InvalidInput("one_in", why, {"one_in": [why]})


def loosest_alone(deployment: Deployment) -> int:
    """The loosest promise that needs no second person: in a draft the usual one, or one that was agreed before."""
    return min(ONE_IN, deployment.one_in) if deployment.state == DeploymentState.DRAFT else deployment.one_in


def _change(locked: Deployment, one_in: int, fixed: Fixed | None) -> None:
    Deployment.objects.filter(pk=locked.pk).update(one_in=one_in, **(fixed.columns if fixed else {}))
    publish(locked.pk, "deployment.changed", state=locked.state)


def _locked(deployment: Deployment) -> Deployment:
    locked = Deployment.objects.select_for_update(no_key=True, of=("self",)).get(pk=deployment.pk)
    if locked.state in ENDED:
        raise Refused("closed", "This deployment is closed: what it promised stays as it was.")
    return locked
