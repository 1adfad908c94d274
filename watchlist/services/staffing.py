"""Who does what at a deployment, and with which cameras."""

from django.db import transaction

from watchlist.errors import InvalidInput, Refused
from watchlist.events import publish
from watchlist.models import Appointment, Camera, Deployment, DeploymentState, Membership, Role, User
from watchlist.permissions import EVERYWHERE, INCOMPATIBLE, Permission, require
from watchlist.selectors.deployments import ENDED
from watchlist.services import audit
from watchlist.services.validation import validated


@transaction.atomic
def member_add(*, actor: User, deployment: Deployment, user: User, role: Role | str) -> Membership:
    """Refused to someone not appointed to the role, or whose other role here excludes it."""
    require(actor, Permission.DEPLOYMENT_STAFF, deployment)
    locked = Deployment.objects.select_for_update().get(pk=deployment.pk)  # two additions at once see each other
    role = Role(role)
    if locked.state in ENDED:
        raise Refused("closed", "This deployment is closed: nobody can be added to it.")
    if role in EVERYWHERE:
        raise InvalidInput("role", f"A person is {role.label.lower()} everywhere, by appointment: choose another role.")
    if role == Role.AUTHORISER and locked.state != DeploymentState.DRAFT:
        raise Refused("not_draft", "Who authorises is settled before the approval.")
    if not Appointment.objects.filter(user=user, role=role).exists():
        raise Refused("not_appointed", f"{user.get_full_name()} is not appointed as {role.label.lower()}.")
    held = {Role(value) for value in locked.memberships.filter(user=user).values_list("role", flat=True)}
    for other in held:
        if frozenset({role, other}) in INCOMPATIBLE:
            raise Refused(
                "separation_of_duties",
                f"{user.get_full_name()} is {other.label.lower()} here and cannot be {role.label.lower()} as well.",
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
    if membership.role in (Role.STEWARD, Role.AUTHORISER) and deployment.state != DeploymentState.DRAFT:
        raise Refused("not_draft", "Who applied and who authorises stay on the record of an approved deployment.")
    facts = {"user": membership.user_id, "role": membership.role}
    membership.delete()
    publish(deployment.pk, "deployment.changed", state=deployment.state)
    audit.record("member.removed", actor=actor, deployment=deployment, facts=facts)


@transaction.atomic
def camera_add(*, actor: User, deployment: Deployment, name: str) -> Camera:
    require(actor, Permission.DEPLOYMENT_STAFF, deployment)
    if deployment.state != DeploymentState.DRAFT:
        raise Refused("not_draft", "Cameras are part of what is approved: apply for another deployment to add one.")
    camera = Camera(deployment=deployment, name=name)
    validated(camera)
    camera.save()
    audit.record("camera.added", actor=actor, deployment=deployment, facts={"camera": camera.pk})
    return camera
