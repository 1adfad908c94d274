"""Tokens with which programs sign in: one for each person, issued and revoked on the record."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from watchlist.models import User
from watchlist.services import audit


@transaction.atomic
def token_issue(*, actor: User) -> str:
    """The person's token; the one they have, where they have one."""
    token, made = Token.objects.get_or_create(user=actor)
    audit.record("token.issued", actor=actor, facts={"user": actor.pk, "new": made})
    return token.key


@transaction.atomic
def token_revoke(*, actor: User) -> None:
    Token.objects.filter(user=actor).delete()
    audit.record("token.revoked", actor=actor, facts={"user": actor.pk})
