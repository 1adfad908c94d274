"""Who may do what: one table, asked by pages, API, sockets, admin and every writing service.

A person holds a role by appointment. Appointments to an everywhere role count at every deployment; the others count at
a deployment only through a membership of it. Permissions outside deployments need the appointment alone.
"""

from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ValidationError

from watchlist.errors import NotAllowed, NotFound
from watchlist.models import Appointment, Deployment, Membership, Role, User


class Permission(StrEnum):
    # The organisation
    USERS_MANAGE = "users.manage"
    SUBJECT_VIEW = "subject.view"
    SUBJECT_EDIT = "subject.edit"
    REFERENCE_VIEW = "reference.view"
    DEPLOYMENT_APPLY = "deployment.apply"
    # One deployment
    DEPLOYMENT_VIEW = "deployment.view"
    DEPLOYMENT_APPROVE = "deployment.approve"
    DEPLOYMENT_STAFF = "deployment.staff"
    DEPLOYMENT_RUN = "deployment.run"
    DEPLOYMENT_CLOSE = "deployment.close"
    PROMISE_CHANGE = "promise.change"
    PROMISE_AGREE = "promise.agree"
    LIST_VIEW = "list.view"
    LIST_EDIT = "list.edit"
    FRAMES_SEND = "frames.send"
    ALERT_VIEW = "alert.view"
    ALERT_DECIDE = "alert.decide"
    ALERT_VIEW_CONFIRMED = "alert.view_confirmed"
    PASSAGE_NOTE = "passage.note"
    PASSAGE_VIEW = "passage.view"
    STOP_RECORD = "stop.record"
    STOP_VIEW = "stop.view"
    # The record
    AUDIT_READ = "audit.read"


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AUTHORISER: frozenset(
        {
            P.DEPLOYMENT_VIEW,
            P.DEPLOYMENT_APPROVE,
            P.DEPLOYMENT_CLOSE,
            P.PROMISE_CHANGE,
            P.PROMISE_AGREE,
            P.LIST_VIEW,
        }
    ),
    Role.STEWARD: frozenset(
        {
            P.SUBJECT_VIEW,
            P.SUBJECT_EDIT,
            P.REFERENCE_VIEW,
            P.DEPLOYMENT_APPLY,
            P.DEPLOYMENT_VIEW,
            P.DEPLOYMENT_STAFF,
            P.PROMISE_CHANGE,
            P.LIST_VIEW,
            P.LIST_EDIT,
        }
    ),
    Role.OPERATOR: frozenset(
        {
            P.DEPLOYMENT_VIEW,
            P.DEPLOYMENT_RUN,
            P.DEPLOYMENT_CLOSE,
            P.FRAMES_SEND,
            P.ALERT_VIEW,
            P.ALERT_DECIDE,
            P.ALERT_VIEW_CONFIRMED,
            P.PASSAGE_NOTE,
            P.PASSAGE_VIEW,
        }
    ),
    Role.OFFICER: frozenset({P.DEPLOYMENT_VIEW, P.ALERT_VIEW_CONFIRMED, P.STOP_RECORD, P.STOP_VIEW}),
    Role.AUDITOR: frozenset(
        {
            P.SUBJECT_VIEW,
            P.REFERENCE_VIEW,
            P.DEPLOYMENT_VIEW,
            P.LIST_VIEW,
            P.ALERT_VIEW,
            P.ALERT_VIEW_CONFIRMED,
            P.PASSAGE_VIEW,
            P.STOP_VIEW,
            P.AUDIT_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset({P.USERS_MANAGE, P.DEPLOYMENT_VIEW, P.DEPLOYMENT_CLOSE}),
}

EVERYWHERE = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})

# Roles that one person may not hold at the same deployment.
INCOMPATIBLE = frozenset(
    {
        frozenset({Role.AUTHORISER, Role.OPERATOR}),
        frozenset({Role.AUTHORISER, Role.STEWARD}),
        frozenset({Role.STEWARD, Role.OPERATOR}),
        frozenset({Role.AUTHORISER, Role.OFFICER}),
    }
)

# Roles that a person holds alone, at every deployment.
ALONE = frozenset({Role.AUDITOR})

# What Django admin asks ("view" or one of the writing verbs of a model), in words of the table above.
ADMIN_PERMISSIONS: dict[str, Permission] = {
    "watchlist.view_user": P.USERS_MANAGE,
    "watchlist.add_user": P.USERS_MANAGE,
    "watchlist.change_user": P.USERS_MANAGE,
    "watchlist.view_appointment": P.USERS_MANAGE,
    "watchlist.add_appointment": P.USERS_MANAGE,
    "watchlist.change_appointment": P.USERS_MANAGE,
    "watchlist.delete_appointment": P.USERS_MANAGE,
    "watchlist.view_subject": P.SUBJECT_VIEW,
    "watchlist.add_subject": P.SUBJECT_EDIT,
    "watchlist.change_subject": P.SUBJECT_EDIT,
    "watchlist.view_referenceimage": P.REFERENCE_VIEW,
    "watchlist.add_referenceimage": P.SUBJECT_EDIT,
    "watchlist.change_referenceimage": P.SUBJECT_EDIT,
    "watchlist.view_resemblance": P.REFERENCE_VIEW,
    "watchlist.change_resemblance": P.SUBJECT_EDIT,
    "watchlist.view_deployment": P.DEPLOYMENT_VIEW,
    "watchlist.add_deployment": P.DEPLOYMENT_APPLY,
    "watchlist.change_deployment": P.DEPLOYMENT_STAFF,
    "watchlist.view_camera": P.DEPLOYMENT_VIEW,
    "watchlist.view_membership": P.DEPLOYMENT_VIEW,
    "watchlist.view_proposal": P.DEPLOYMENT_VIEW,
    "watchlist.view_listentry": P.LIST_VIEW,
    "watchlist.view_alert": P.ALERT_VIEW,
    "watchlist.view_decision": P.ALERT_VIEW,
    "watchlist.view_stop": P.STOP_VIEW,
    "watchlist.view_auditentry": P.AUDIT_READ,
}

# Roles whose work is done in Django admin; operators and officers have pages of their own.
ADMIN_ROLES = frozenset({Role.STEWARD, Role.AUTHORISER, Role.AUDITOR, Role.ADMINISTRATOR})


def roles_of(user: User, deployment: Deployment | None = None) -> frozenset[Role]:
    """The roles in which this person may act, at a deployment or outside any."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    appointed = frozenset(Role(role) for role in Appointment.objects.filter(user=user).values_list("role", flat=True))
    if deployment is None:
        return appointed
    held = Membership.objects.filter(user=user, deployment=deployment).values_list("role", flat=True)
    return appointed & (frozenset(Role(role) for role in held) | EVERYWHERE)


def permissions_of(user: User, deployment: Deployment | None = None) -> frozenset[Permission]:
    return frozenset(permission for role in roles_of(user, deployment) for permission in ROLE_PERMISSIONS[role])


def allowed(user: User, permission: Permission, deployment: Deployment | None = None) -> bool:
    return permission in permissions_of(user, deployment)


def require(user: User, permission: Permission, deployment: Deployment | None = None) -> None:
    """Raises NotAllowed unless the role table gives this person this permission here."""
    if not allowed(user, permission, deployment):
        where = f" at {deployment.name}" if deployment else ""
        roles = " or ".join(role.label.lower() for role in Role if permission in ROLE_PERMISSIONS[role])
        raise NotAllowed("not_allowed", f"Only the {roles}{where} may do this.")


def deployment_for(user: User, pk: UUID | str, permission: Permission) -> Deployment:
    """The only way to a deployment: whoever may not even see it learns nothing of it.

    Raises NotFound where it is not theirs to know of, NotAllowed where they may see it but not do this.
    """
    try:
        deployment = Deployment.objects.filter(pk=pk).first()
    except ValidationError:  # not an id at all
        deployment = None
    if deployment is None or not roles_of(user, deployment):
        raise NotFound("no_deployment", "There is no such deployment, or you have no role in it.")
    require(user, permission, deployment)
    return deployment


def permission_table() -> str:
    """Role × permission as a Markdown table."""
    rows = [["", *(role.label for role in Role)]]
    for permission in Permission:
        granted = ("yes" if permission in ROLE_PERMISSIONS[role] else "" for role in Role)
        rows.append([f"`{permission}`", *granted])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    return "".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |\n" for row in rows
    )
