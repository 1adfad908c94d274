"""What a person can do to a deployment from its page, and what each step asks of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from watchlist.models import Deployment, DeploymentState, User
from watchlist.permissions import Permission, permissions_of
from watchlist.services import deployments as service


@dataclass(frozen=True, slots=True)
class Act:
    """One button: when it stands there, what it says, and the service behind it."""

    verb: str
    label: str
    permission: Permission
    states: frozenset[DeploymentState]
    run: Callable[..., Any]
    consequence: str
    done: str
    needs_reason: bool = False
    on_terms: bool = False  # holds for what was on the page, and for nothing that was changed since
    while_running: bool = False  # also stands on the pages from which a deployment is run


_D = DeploymentState

ACTS = (
    Act(
        "approve",
        "Approve",
        Permission.DEPLOYMENT_APPROVE,
        frozenset({_D.DRAFT}),
        service.deployment_approve,
        "You take the decision that this place, purpose, window, list and false alerts are lawful and proportionate.",
        "Approved. An operator starts it inside its window.",
        on_terms=True,
    ),
    Act(
        "start",
        "Start",
        Permission.DEPLOYMENT_RUN,
        frozenset({_D.APPROVED}),
        service.deployment_start,
        "From then on frames of its cameras are looked at. Start only with staff in place to respond.",
        "Started: it is live.",
        while_running=True,
    ),
    Act(
        "pause",
        "Pause",
        Permission.DEPLOYMENT_RUN,
        frozenset({_D.LIVE}),
        service.deployment_pause,
        "No frame of any of its cameras is looked at until it is resumed.",
        "Paused: no frame is looked at until it is resumed.",
        needs_reason=True,
        while_running=True,
    ),
    Act(
        "resume",
        "Resume",
        Permission.DEPLOYMENT_RUN,
        frozenset({_D.PAUSED}),
        service.deployment_resume,
        "Frames of its cameras are looked at again.",
        "Resumed: it is live.",
        while_running=True,
    ),
    Act(
        "close",
        "Close",
        Permission.DEPLOYMENT_CLOSE,
        frozenset({_D.DRAFT, _D.APPROVED, _D.LIVE, _D.PAUSED}),
        service.deployment_close,
        "It ends for good: cameras stay off and open alerts expire.",
        "Closed.",
        needs_reason=True,
    ),
)

BY_VERB = {act.verb: act for act in ACTS}


def running_acts_for(user: User, deployment: Deployment) -> list[Act]:
    """Those that stand on the pages from which a deployment is run."""
    return [act for act in acts_for(user, deployment) if act.while_running]


def emergency_stop_for(user: User, deployment: Deployment) -> Act | None:
    """What ends the watching at once: pausing for those who run the deployment, closing for others who may close it."""
    if deployment.state != _D.LIVE:
        return None
    acts = {act.verb: act for act in acts_for(user, deployment)}
    return acts.get("pause") or acts.get("close")


def acts_for(user: User, deployment: Deployment) -> list[Act]:
    """The steps that this deployment's state allows and this person's roles permit."""
    granted = permissions_of(user, deployment)
    return [act for act in ACTS if deployment.state in act.states and act.permission in granted]
