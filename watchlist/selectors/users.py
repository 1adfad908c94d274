"""People, as the organisation has appointed them."""

from django.db.models import QuerySet
from rest_framework.authtoken.models import Token

from watchlist.models import Role, User


def administrators() -> QuerySet[User]:
    """Whoever can sign in and administer this installation."""
    return User.objects.filter(is_active=True, appointments__role=Role.ADMINISTRATOR)


def has_token(user: User) -> bool:
    return Token.objects.filter(user=user).exists()
