"""The demo's people, each with one role, and the file that tells their passwords."""

import base64
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.crypto import salted_hmac

from watchlist import durable
from watchlist.errors import Refused
from watchlist.models import Role, User
from watchlist.selectors.audit import passwords_changed
from watchlist.selectors.users import administrators
from watchlist.services.users import appointment_add, first_administrator_create, user_create

PASSWORD_BYTES = 12
CHANGED = "(changed by hand)"


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
    """The accounts, made as far as missing, and `file` with their passwords. No account is changed that exists.

    Raises Refused where an account of such a name is somebody's own, or where there is an administrator and the demo
    has never been: it has no place there. Whoever has it, and appoints an administrator of their own, keeps it.
    """
    found = {user.username: user for user in User.objects.filter(username__in=ROLES)}
    for user in found.values():
        _require_of_the_demo(user)
    missing = [name for name in ROLES if name not in found]
    with transaction.atomic():
        for name in missing:
            found[name] = _made(name, administrator=found.get("administrator"))
        _tell(file, found)
    return People(**found)


def _require_of_the_demo(user: User) -> None:
    """By the name shown: whoever takes over such an account for a person of their own gives it another."""
    if user.display_name != _display_name(user.username):
        raise Refused("not_the_demos", f"The account {user.username} is not the demo's: it is left as it is.")


def _made(username: str, *, administrator: User | None) -> User:
    shown, password = _display_name(username), _password(username)
    if administrator is None:
        if administrators().exists():
            raise Refused("own_administrator", "This installation has an administrator of its own.")
        return first_administrator_create(username=username, display_name=shown, password=password)
    user = user_create(actor=administrator, username=username, display_name=shown, password=password)
    appointment_add(actor=administrator, user=user, role=ROLES[username])
    return user


def _display_name(username: str) -> str:
    return f"Demo {username.replace('_', ' ')}"


def _password(username: str) -> str:
    """Another at every installation, and the same at each call: a lost file is written again, no password is reset."""
    digest = salted_hmac("lfrweb demo password", username, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:PASSWORD_BYTES]).decode()


def _tell(file: Path, users: dict[str, User]) -> None:
    """Writes the passwords as far as they are known: whoever was given another since says it to nobody here."""
    told = _told(file, users)
    passwords = {name: told.get(name) or (_password(name) if _opens(user) else CHANGED) for name, user in users.items()}
    lines = [f"{name:<15} {passwords[name]}" for name in ROLES]
    durable.replace(file, ("\n".join(lines) + "\n").encode())


def _told(file: Path, users: dict[str, User]) -> dict[str, str]:
    """What the file says and still holds: to try a password takes long, and is done only where nothing is said.

    A change from before the file was written is in it already, also where an account was given its first password.
    """
    if not file.exists():
        return {}
    written = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
    changed = passwords_changed(since=written)
    words = [line.split(maxsplit=1) for line in file.read_text().splitlines()]
    told = {word[0]: word[1] for word in words if len(word) == 2 and word[0] in users}
    return {name: CHANGED if str(users[name].pk) in changed else said for name, said in told.items()}


def _opens(user: User) -> bool:
    return user.check_password(_password(user.username))
