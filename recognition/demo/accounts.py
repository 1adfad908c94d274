"""The demo's people, each with one role, and the file that tells their passwords."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from watchlist import durable
from watchlist.models import Role, User
from watchlist.services.users import appointment_add, password_set, user_create


@dataclass(frozen=True, slots=True)
class People:
    administrator: User
    authoriser: User
    steward: User
    operator: User
    operator_two: User
    officer: User
    auditor: User


ROLES: dict[str, Role] = {
    "administrator": Role.ADMINISTRATOR,
    "authoriser": Role.AUTHORISER,
    "steward": Role.STEWARD,
    "operator": Role.OPERATOR,
    "operator_two": Role.OPERATOR,
    "officer": Role.OFFICER,
    "auditor": Role.AUDITOR,
}


def demo_people(file: Path) -> People:
    """The accounts, made at the first call. Passwords are random, and made anew when `file` is lost.

    Raises NotAllowed on a database that has an administrator of its own: a demo has no place there.
    """
    with transaction.atomic():
        administrator = _account("administrator", actor=None)
        users = {name: _account(name, actor=administrator) for name in ROLES if name != "administrator"}
        people = People(administrator=administrator, **users)
        if not file.exists():
            _write(file, {user: _new_password(user, administrator) for user in (administrator, *users.values())})
    return people


def _account(username: str, *, actor: User | None) -> User:
    existing = User.objects.filter(username=username).first()
    if existing is not None:
        return existing
    user = user_create(actor=actor, username=username, display_name=f"Demo {username.replace('_', ' ')}")
    appointment_add(actor=actor, user=user, role=ROLES[username])
    return user


def _new_password(user: User, administrator: User) -> str:
    password = secrets.token_urlsafe(12)
    password_set(actor=administrator, user=user, password=password)
    return password


def _write(file: Path, passwords: dict[User, str]) -> None:
    lines = [f"{user.username:<15} {password}" for user, password in passwords.items()]
    durable.replace(file, ("\n".join(lines) + "\n").encode())
