"""Tokens with which programs sign in: one for each person, issued and revoked on the record."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from watchlist.errors import StaleState
from watchlist.models import User
from watchlist.permissions import Permission, require
from watchlist.services import audit


@transaction.atomic
def token_issue(*, actor: User) -> str:
    """The token of a person who has just signed in; the one they have, where they have one.

    Raises StaleState where the password they gave, or the account, has ended since.
    """
    account = User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # not while either ends, with its token
    if not account.is_active or account.password != actor.password:
        raise StaleState("changed", "The password or the account has been changed meanwhile: sign in again.")
    token, made = Token.objects.get_or_create(user=actor)
    audit.record("token.issued", actor=actor, facts={"user": actor.pk, "new": made})
    return token.key


@transaction.atomic
def token_revoke(*, actor: User, user: User) -> None:
    """One's own, or as an administrator anybody's; programs and sockets that use it are refused from then on."""
    if actor.pk != user.pk:
        require(actor, Permission.USERS_MANAGE)
    if token_end(user):
        record_revoked(user, actor=actor)


def token_end(user: User) -> bool:
    """Whether there was one. For services that record what they did, and with `record_revoked` this, at their end."""
    return bool(Token.objects.filter(user=user).delete()[0])


def record_revoked(user: User, *, actor: User) -> None:
    audit.record("token.revoked", actor=actor, facts={"user": user.pk})
