"""Who does what at a deployment, and with which cameras."""

from django.db import transaction

from watchlist.errors import InvalidInput, Refused
from watchlist.events import publish
from watchlist.models import (
    Appointment,
    Camera,
    Decision,
    Deployment,
    DeploymentState,
    Membership,
    Role,
    StopState,
    User,
)
from watchlist.permissions import EVERYWHERE, INCOMPATIBLE, Permission, require
from watchlist.selectors.deployments import ENDED
from watchlist.selectors.stops import stop_runs
from watchlist.services import audit
from watchlist.services.validation import validated


@transaction.atomic
def member_add(*, actor: User, deployment: Deployment, user: User, role: Role | str) -> Membership:
    """Refused to someone not appointed to the role, or whose other role here excludes it."""
    require(actor, Permission.DEPLOYMENT_STAFF, deployment)
    locked = _locked(deployment)  # two additions at once see each other
    if role not in Role.values:
        raise InvalidInput("role", "Choose one of the roles.", {"role": ["Choose one of the roles."]})
    role = Role(role)
    if locked.state in ENDED and not (role == Role.OFFICER and stop_runs(locked)):
        text = "This deployment is closed: nobody can be added to it, except an officer while a stop runs."
        raise Refused("closed", text)
    if role in EVERYWHERE:
        raise InvalidInput("role", f"A person is {role.label.lower()} everywhere, by appointment: choose another role.")
    if role == Role.AUTHORISER and locked.state != DeploymentState.DRAFT:
        raise Refused("not_draft", "Who authorises is settled before the approval.")
    if not Appointment.objects.filter(user=user, role=role).exists():
        raise Refused("not_appointed", f"{user.get_full_name()} is not appointed as {role.label.lower()}.")
    for other in _acted_as(locked, user):
        if frozenset({role, other}) in INCOMPATIBLE:
            raise Refused(
                "separation_of_duties",
                f"{user.get_full_name()} is or was {other.label.lower()} here "
                f"and cannot be {role.label.lower()} as well.",
            )
    membership = Membership(deployment=locked, user=user, role=role, added_by=actor)
    validated(membership)
    membership.save()
    audit.record("member.added", actor=actor, deployment=locked, facts={"user": user.pk, "role": role})
    return membership


@transaction.atomic
def member_remove(*, actor: User, membership: Membership) -> None:
    """Takes effect at once: open sockets ask again when they hear of it."""
    deployment = membership.deployment
    require(actor, Permission.DEPLOYMENT_STAFF, deployment)
    locked = _locked(deployment)
    if membership.role in (Role.STEWARD, Role.AUTHORISER) and locked.state != DeploymentState.DRAFT:
        raise Refused("not_draft", "Who applied and who authorises stay on the record of an approved deployment.")
    if membership.role == Role.STEWARD and membership.user_id == locked.applied_by_id:
        raise Refused("applicant", "Whoever applied for a deployment answers for its list to the end.")
    running = locked.stops.filter(officer=membership.user_id, state=StopState.STARTED)
    if membership.role == Role.OFFICER and running.exists():
        raise Refused("stop_running", f"{membership.user.get_full_name()} has a stop running here: it is ended first.")
    facts = {"user": membership.user_id, "role": membership.role}
    if not Membership.objects.filter(pk=membership.pk).delete()[0]:
        raise Refused("removed", "This person has been removed already.")
    publish(locked.pk, "deployment.changed", state=locked.state)
    audit.record("member.removed", actor=actor, deployment=locked, facts=facts)


@transaction.atomic
def camera_add(*, actor: User, deployment: Deployment, name: str) -> Camera:
    require(actor, Permission.DEPLOYMENT_STAFF, deployment)
    locked = _locked_draft(deployment)
    camera = Camera(deployment=locked, name=name)
    validated(camera)
    camera.save()
    audit.record("camera.added", actor=actor, deployment=locked, facts={"camera": camera.pk}, detail={"name": name})
    return camera


@transaction.atomic
def camera_rename(*, actor: User, camera: Camera, name: str) -> Camera:
    require(actor, Permission.DEPLOYMENT_STAFF, camera.deployment)
    locked = _locked_draft(camera.deployment)
    renamed = _still_there(locked, camera)
    before, renamed.name = renamed.name, name
    validated(renamed)
    renamed.save(update_fields=["name"])
    words = {"before": before, "after": name}
    audit.record("camera.renamed", actor=actor, deployment=locked, facts={"camera": renamed.pk}, detail=words)
    return renamed


@transaction.atomic
def camera_remove(*, actor: User, camera: Camera) -> None:
    require(actor, Permission.DEPLOYMENT_STAFF, camera.deployment)
    locked = _locked_draft(camera.deployment)
    removed = _still_there(locked, camera)
    if removed.uses.exists():
        raise Refused("in_use", "This camera is open on somebody's page: it can be removed once that is closed.")
    facts, words = {"camera": removed.pk}, {"name": removed.name}
    removed.delete()
    audit.record("camera.removed", actor=actor, deployment=locked, facts=facts, detail=words)


def _locked_draft(deployment: Deployment) -> Deployment:
    locked = _locked(deployment)
    if locked.state != DeploymentState.DRAFT:
        raise Refused("not_draft", "Cameras are part of what is approved: apply for another deployment to change them.")
    return locked


def _still_there(locked: Deployment, camera: Camera) -> Camera:
    found = locked.cameras.select_for_update(of=("self",)).filter(pk=camera.pk).first()
    if found is None:
        raise Refused("removed", "This camera has been removed already.")
    return found


def _locked(deployment: Deployment) -> Deployment:
    return Deployment.objects.select_for_update(no_key=True).get(pk=deployment.pk)


def _acted_as(deployment: Deployment, user: User) -> set[Role]:
    """Roles this person holds here, or whose work they have done here: leaving a role undoes nothing."""
    roles = {Role(role) for role in deployment.memberships.filter(user=user).values_list("role", flat=True)}
    if deployment.applied_by_id == user.pk or deployment.entries.filter(added_by=user).exists():
        roles.add(Role.STEWARD)
    if deployment.approved_by_id == user.pk:
        roles.add(Role.AUTHORISER)
    if Decision.objects.filter(alert__deployment=deployment, operator=user).exists():
        roles.add(Role.OPERATOR)
    if deployment.stops.filter(officer=user).exists():
        roles.add(Role.OFFICER)
    return roles
