"""Tokens with which programs sign in: one for each person, issued and revoked on the record."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from watchlist.models import User
from watchlist.permissions import Permission, require
from watchlist.services import audit


@transaction.atomic
def token_issue(*, actor: User) -> str:
    """The person's token; the one they have, where they have one."""
    token, made = Token.objects.get_or_create(user=actor)
    audit.record("token.issued", actor=actor, facts={"user": actor.pk, "new": made})
    return token.key


@transaction.atomic
def token_revoke(*, actor: User, user: User) -> None:
    """One's own, or as an administrator anybody's; programs and sockets that use it are refused from then on."""
    if actor.pk != user.pk:
        require(actor, Permission.USERS_MANAGE)
    record_revoked(revoked(user), actor=actor)


def revoked(user: User) -> list[User]:
    """Ends this person's token for another act, which has `record_revoked` say so at its end: them, if they had one."""
    return [user] if Token.objects.filter(user=user).delete()[0] else []


def record_revoked(users: list[User], *, actor: User | None) -> None:
    for user in users:
        audit.record("token.revoked", actor=actor, facts={"user": user.pk})
