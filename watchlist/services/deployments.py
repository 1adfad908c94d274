"""A deployment's life: applied for by one person, approved by another, run inside its window, closed for good."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from watchlist.calibration import ONE_IN
from watchlist.errors import InvalidInput, Refused, StaleState, WatchlistError
from watchlist.events import publish
from watchlist.models import Alert, Deployment, DeploymentState, Kind, Role, User
from watchlist.packs import offered_packs
from watchlist.permissions import Permission, require
from watchlist.selectors.closing import closing_figures
from watchlist.selectors.deployments import ENDED, list_size, staff_listed
from watchlist.selectors.enrolled import enrolment_of
from watchlist.selectors.gallery import gallery_size
from watchlist.selectors.terms import FIELDS, TERMS, WORDS, terms_digest
from watchlist.services import audit
from watchlist.services.alerts import Cause, end_unanswered, record_ended
from watchlist.services.galleries import gallery_moved
from watchlist.services.promises import loosest_alone, require_possible
from watchlist.services.templates import ask_for_list
from watchlist.services.thresholds import only_tighter, worked_out
from watchlist.services.validation import assign, validated, worded
from watchlist.signals import announce, deployment_closed
from watchlist.transitions import advance

MAX_WINDOW = dt.timedelta(hours=24)
ALERT_SECONDS = range(10, 601)  # long enough to look, short enough that the person is still there
QUIET_SECONDS = range(3601)
TWO = 2


@transaction.atomic
def deployment_apply(*, actor: User, **fields: Any) -> Deployment:
    """A draft; the applicant becomes its steward, and can therefore not approve it."""
    require(actor, Permission.DEPLOYMENT_APPLY)
    deployment = Deployment(applied_by=actor)
    assign(deployment, fields, FIELDS)
    validated(deployment)
    _require_sound(deployment)
    _require_promise(deployment, ONE_IN)
    deployment.save()
    deployment.memberships.create(user=actor, role=Role.STEWARD, added_by=actor)
    _record_terms("deployment.applied", actor, deployment)
    return deployment


@transaction.atomic
def deployment_update(*, actor: User, deployment: Deployment, **fields: Any) -> Deployment:
    """Changes a draft; with another pack its list is enrolled anew. What has been approved stays as it was approved."""
    require(actor, Permission.DEPLOYMENT_STAFF, deployment)
    locked = _locked(deployment)
    if locked.state != DeploymentState.DRAFT:
        raise Refused("not_draft", "What was approved cannot be changed: close this deployment and apply for another.")
    before, loosest = locked.pack, loosest_alone(locked)
    assign(locked, fields, FIELDS - {"demo"})
    validated(locked)
    _require_sound(locked)
    _require_promise(locked, loosest)
    locked.save()
    if locked.pack != before:
        gallery_moved([locked.pk])
        ask_for_list(locked)
    _record_terms("deployment.updated", actor, locked)
    return locked


@transaction.atomic
def deployment_approve(*, actor: User, deployment: Deployment, terms: str) -> None:
    """The written authority, for the terms read, whose digest `terms` is: StaleState where they have changed since.

    Refused to whoever applied or alone entered those listed, and for a deployment nobody could run. The threshold that
    keeps its promise is worked out here: refused where no calibration can speak for it.
    """
    require(actor, Permission.DEPLOYMENT_APPROVE, deployment)
    locked = _locked(deployment)
    if actor.pk == locked.applied_by_id:
        raise Refused("own_application", "Whoever applied for a deployment cannot approve it.")
    if terms != terms_digest(locked):
        raise StaleState("changed", "The application has been changed since you read it: read it again, then decide.")
    _require_not_own_entries(locked, actor)
    if locked.ends_at <= timezone.now():
        raise Refused("window_over", "The window has passed: apply again with one that is still to come.")
    if not locked.cameras.exists():
        raise Refused("no_camera", "There is no camera yet: add one before asking for approval.")
    operators = locked.memberships.filter(role=Role.OPERATOR).count()
    if not operators:
        raise Refused("no_operator", "There is no operator yet: add one before asking for approval.")
    if locked.two_person and operators < TWO:
        raise Refused("one_operator", "With the two-person rule an alert needs two operators: add another one.")
    _require_offered(locked, "choose another for this draft.")
    _require_whole(locked)
    fixed, now = worked_out(locked), timezone.now()
    advance(deployment, DeploymentState.APPROVED, approved_by=actor, approved_at=now, **fixed.columns)
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    _record_terms("deployment.approved", actor, locked, **fixed.facts)


@transaction.atomic
def deployment_start(*, actor: User, deployment: Deployment) -> None:
    """For its list as it is now: where that, or the calibration, asks for a stricter threshold than was approved, it
    starts with that one, and never with a looser. Refused for a list too long for its promise."""
    require(actor, Permission.DEPLOYMENT_RUN, deployment)
    _require_state(deployment, DeploymentState.APPROVED, "not_approved", "Only an approved deployment is started.")
    locked = _locked(deployment)  # not while somebody changes the list
    now = timezone.now()
    if now < locked.starts_at:
        starts = locked.starts_at.astimezone(locked.zone)
        raise Refused("before_window", f"The window opens at {starts:%H:%M on %d %B (%Z)}: start it then.")
    if now >= locked.ends_at:
        raise Refused("after_window", "The window has passed: this deployment can no longer be started.")
    _require_not_own_entries(locked, locked.approved_by)
    references = gallery_size(locked.pk)
    if not references:
        raise Refused("empty_list", "Nobody on the list has an enrolled image: there is nothing to look for.")
    _require_offered(locked, "close this deployment and apply for another.")
    _require_whole(locked)
    fixed = only_tighter(locked, worked_out(locked))
    advance(deployment, DeploymentState.LIVE, **fixed.columns)
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    audit.record(
        "deployment.started",
        actor=actor,
        deployment=deployment,
        facts={
            "listed": list_size(locked),
            "staff": staff_listed(locked),
            "references": references,
            "list_version": locked.gallery_version,
            **fixed.facts,
        },
    )


@transaction.atomic
def deployment_pause(*, actor: User, deployment: Deployment, reason: str) -> None:
    require(actor, Permission.DEPLOYMENT_RUN, deployment)
    reason = worded(reason, field="reason", why="Say why the deployment is paused.")
    advance(deployment, DeploymentState.PAUSED, **_halted(actor, reason, timezone.now()))
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    audit.record("deployment.paused", actor=actor, deployment=deployment, facts={}, detail={"reason": reason})


@transaction.atomic
def deployment_resume(*, actor: User, deployment: Deployment) -> None:
    require(actor, Permission.DEPLOYMENT_RUN, deployment)
    if timezone.now() >= deployment.ends_at:
        raise Refused("after_window", "The window has passed: this deployment can no longer be resumed.")
    _require_state(deployment, DeploymentState.PAUSED, "not_paused", "Only a paused deployment is resumed.")
    advance(deployment, DeploymentState.LIVE, **_halted(None, "", None))
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    audit.record("deployment.resumed", actor=actor, deployment=deployment, facts={})


@transaction.atomic
def deployment_close(*, actor: User, deployment: Deployment, reason: str) -> None:
    require(actor, Permission.DEPLOYMENT_CLOSE, deployment)
    reason = worded(reason, field="reason", why="Say why the deployment is closed.")
    _close(deployment, actor=actor, why="person", now=timezone.now(), detail={"reason": reason})


def deployments_close_due(*, now: dt.datetime) -> int:
    """Closes every deployment whose window has passed. Returns how many."""
    closed = 0
    for deployment in Deployment.objects.exclude(state__in=ENDED).filter(ends_at__lte=now):
        try:
            with transaction.atomic():
                _close(deployment, actor=None, why="window_over", now=now, detail=None)
        except WatchlistError:
            continue  # a person closed it meanwhile
        closed += 1
    return closed


def _close(
    deployment: Deployment, *, actor: User | None, why: str, now: dt.datetime, detail: dict[str, Any] | None
) -> None:
    before = deployment.state
    because = detail["reason"] if detail else "Its window was over."
    advance(deployment, DeploymentState.CLOSED, closed_at=now, **_halted(actor, because, now))
    ended = end_unanswered(Alert.objects.filter(deployment=deployment), now=now)
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    announce(deployment_closed, deployment_id=deployment.pk)
    audit.record(
        "deployment.closed",
        actor=actor,
        deployment=deployment,
        facts={"why": why, "from": before, "expired": _public(ended), **closing_figures(deployment, now)},
        detail=detail,
    )
    record_ended(ended, Cause.CLOSED)


def _halted(by: User | None, because: str, at: dt.datetime | None) -> dict[str, Any]:
    return {"halted_by": by, "halted_because": because, "halted_at": at}


def _public(alerts: list[Alert]) -> int:
    return sum(not alert.seeded for alert in alerts)


def _locked(deployment: Deployment) -> Deployment:
    return Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)


def _require_state(deployment: Deployment, state: DeploymentState, code: str, text: str) -> None:
    if deployment.state != state:
        raise Refused(code, f"{text} This one is {deployment.get_state_display().lower()}.")


def _require_not_own_entries(deployment: Deployment, approver: User | None) -> None:
    """Refused where whoever approves has entered all those sought: one person would then decide who is looked for."""
    sought = deployment.entries.filter(removed_at__isnull=True, subject__kind=Kind.SOUGHT)
    entered_by = set(sought.values_list("subject__added_by", flat=True))
    if approver is not None and entered_by == {approver.pk}:
        raise Refused("own_entries", "All those listed were entered by the person who approves: another must approve.")


def _require_offered(deployment: Deployment, remedy: str) -> None:
    """Refused where the installation has another version of the pack, or none: every frame would be refused."""
    if deployment.pack not in _offered():
        raise Refused("pack_gone", f"The pack {deployment.pack} is not to be had here: {remedy}")


def _offered() -> set[str]:
    return {pack.identifier for pack in offered_packs()}


def _require_whole(deployment: Deployment) -> None:
    """Refused while images of the list lack a template of the pack: those people would be looked for by chance."""
    enrolment = enrolment_of(deployment)
    if not enrolment.missing:
        return
    lacking = f"{enrolment.missing:,} of {enrolment.images:,}"
    parts = [f"Images on the list that are not enrolled with {enrolment.pack}: {lacking}."]
    if enrolment.waiting:
        parts.append(f"In progress: {enrolment.waiting:,}; wait until they are done.")
    if enrolment.failed:
        parts.append(
            f"Could not be: {enrolment.failed:,}; withdraw them, take their people off the list, or try them again."
        )
    raise Refused("not_enrolled", " ".join(parts))


def _require_sound(deployment: Deployment) -> None:
    problems = {
        "ends_at": (
            deployment.ends_at - deployment.starts_at > MAX_WINDOW,
            "A window lasts at most 24 hours: apply for each day.",
        ),
        "categories": (
            not deployment.categories,
            "Choose the categories of people that may be listed.",
        ),
        "alert_seconds": (
            deployment.alert_seconds not in ALERT_SECONDS,
            f"An alert waits for {ALERT_SECONDS[0]} to {ALERT_SECONDS[-1]} seconds.",
        ),
        "quiet_seconds": (
            deployment.quiet_seconds not in QUIET_SECONDS,
            f"The quiet time is at most {QUIET_SECONDS[-1]} seconds.",
        ),
        "pack": (
            deployment.pack not in _offered(),
            f"The pack {deployment.pack} is not to be had here: choose another.",
        ),
        "demo": (
            deployment.demo and not settings.LFR_DEMO,
            "Demo deployments exist only where the demo is switched on.",
        ),
    }
    for field, (wrong, text) in problems.items():
        if wrong:
            raise InvalidInput(field, text, {field: [text]})


def _require_promise(deployment: Deployment, loosest: int) -> None:
    require_possible(deployment.one_in)
    if deployment.one_in < loosest:
        text = f"More than one false alert in {loosest:,} faces needs a second person: propose it to an authoriser."
        raise InvalidInput("one_in", text, {"one_in": [text]})


def _record_terms(action: str, actor: User, deployment: Deployment, **more: Any) -> None:
    """What was applied for or approved, so that the record says it even if the row is changed later."""
    terms = {name: getattr(deployment, name) for name in TERMS}
    counts = {"cameras": deployment.cameras.count(), "listed": list_size(deployment), "staff": staff_listed(deployment)}
    facts = {**terms, **counts, **more}
    words = {name: getattr(deployment, name) for name in WORDS}
    audit.record(action, actor=actor, deployment=deployment, facts=facts, detail=words)
