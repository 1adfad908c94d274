"""People and the roles the organisation appoints them to."""

import axes.utils
from django.db import connection, transaction

from watchlist.errors import InvalidInput, NotAllowed, Refused
from watchlist.models import Appointment, Role, User
from watchlist.permissions import ALONE, Permission, require
from watchlist.selectors.users import administrators
from watchlist.services import audit
from watchlist.services.tokens import record_revoked, token_end
from watchlist.services.validation import validated

ADMINISTRATORS_LOCK = 0x6C666164  # "lfad"


@transaction.atomic
def first_administrator_create(*, username: str, password: str, display_name: str = "") -> User:
    """Whoever sets an installation up. Two acts in one transaction: there is nobody yet whose acts they could cross."""
    user = user_create(actor=None, username=username, display_name=display_name, password=password)
    appointment_add(actor=None, user=user, role=Role.ADMINISTRATOR)
    return user


@transaction.atomic
def user_create(*, actor: User | None, username: str, display_name: str = "", password: str | None = None) -> User:
    """A new account without any role. `actor` is None only for an installation's first administrator."""
    _require_manager(actor)
    user = User(username=username, display_name=display_name)
    user.set_password(password)
    validated(user)
    user.save()
    audit.record("user.created", actor=actor, facts={"user": user.pk}, detail={"username": username})
    return user


@transaction.atomic
def user_update(*, actor: User, user: User, display_name: str, is_active: bool) -> User:
    """Whoever is deactivated loses their token for good: their programs do not come back with them."""
    require(actor, Permission.USERS_MANAGE)
    if user.pk == actor.pk and not is_active:
        raise InvalidInput("own_account", "You cannot deactivate your own account: ask another administrator.")
    if not is_active:
        _require_another_administrator(user)
    user.display_name, user.is_active = display_name, is_active
    validated(user)
    user.save(update_fields=["display_name", "is_active"])
    token_ended = not is_active and token_end(user)
    audit.record("user.updated", actor=actor, facts={"user": user.pk, "active": is_active})
    if token_ended:
        record_revoked(user, actor=actor)
    return user


@transaction.atomic
def password_set(*, actor: User, user: User, password: str) -> None:
    """Ends what the old one had opened, sessions and the token, and the lock that wrong ones have brought about."""
    require(actor, Permission.USERS_MANAGE)
    token_ended = _give_password(user, password)
    audit.record("user.password_set", actor=actor, facts={"user": user.pk})
    if token_ended:
        record_revoked(user, actor=actor)


@transaction.atomic
def password_change(*, actor: User, password: str) -> None:
    """One's own; ends the same. The door has asked for the old one, where wrong answers are counted and locked out."""
    token_ended = _give_password(actor, password)
    audit.record("user.password_changed", actor=actor, facts={"user": actor.pk})
    if token_ended:
        record_revoked(actor, actor=actor)


@transaction.atomic
def appointment_add(*, actor: User | None, user: User, role: Role) -> Appointment:
    """`actor` is None only for an installation's first administrator."""
    _require_manager(actor)
    if actor is not None and actor.pk == user.pk:
        raise NotAllowed("own_appointment", "Nobody appoints themselves: ask another administrator.")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two appointments at once see each other
    held = {Role(value) for value in user.appointments.values_list("role", flat=True)}
    if held and (role in ALONE or held & ALONE):
        raise Refused("separation_of_duties", "An auditor holds no other role: nobody audits their own work.")
    appointment = Appointment(user=user, role=role)
    validated(appointment)
    appointment.save()
    audit.record("appointment.added", actor=actor, facts={"user": user.pk, "role": role})
    return appointment


@transaction.atomic
def appointment_remove(*, actor: User, appointment: Appointment) -> None:
    require(actor, Permission.USERS_MANAGE)
    if appointment.role == Role.ADMINISTRATOR:
        _require_another_administrator(appointment.user)
    facts = {"user": appointment.user_id, "role": appointment.role}
    appointment.delete()
    audit.record("appointment.removed", actor=actor, facts=facts)


def signed_in(*, actor: User) -> None:
    """Part of the transaction that opens their session."""
    audit.record("user.signed_in", actor=actor, facts={"user": actor.pk})


def signed_out(*, actor: User) -> None:
    """Part of the transaction that ends their session."""
    audit.record("user.signed_out", actor=actor, facts={"user": actor.pk})


def _give_password(user: User, password: str) -> bool:
    """Whether a token ended with the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    axes.utils.reset(username=user.username)
    return token_end(user)


def _require_manager(actor: User | None) -> None:
    if actor is not None:
        require(actor, Permission.USERS_MANAGE)
        return
    _lock_administrators()
    if administrators().exists():
        raise NotAllowed("administrator_exists", "This installation has an administrator: ask them.")


def _require_another_administrator(user: User) -> None:
    """Refused where nobody but `user` could administer this installation any more."""
    _lock_administrators()
    if not administrators().exclude(pk=user.pk).exists():
        raise Refused("last_administrator", "Somebody has to administer this installation: appoint another one first.")


def _lock_administrators() -> None:
    """Whoever else changes who administers waits until this transaction ends, and sees what it did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMINISTRATORS_LOCK])
