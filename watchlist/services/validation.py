"""Django's validation of a model, raised as this package's own error."""

from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from watchlist.errors import InvalidInput

M = TypeVar("M", bound=Model)


def validated(instance: M) -> M:
    """`instance`, once its fields and the database's constraints hold. Raises InvalidInput saying which do not."""
    try:
        instance.full_clean()
    except ValidationError as error:
        raise InvalidInput("invalid", _sentence(error.message_dict), error.message_dict) from None
    return instance


def assign(instance: Model, fields: dict[str, Any], allowed: frozenset[str]) -> None:
    """Sets named fields and no others. Raises InvalidInput for a field that may not be set here."""
    unknown = sorted(set(fields) - allowed)
    if unknown:
        raise InvalidInput("unknown_field", f"These cannot be set here: {', '.join(unknown)}.")
    for name, value in fields.items():
        setattr(instance, name, value)


def _sentence(messages: dict[str, list[str]]) -> str:
    return " ".join(
        text if field == NON_FIELD_ERRORS else f"{field.replace('_', ' ').capitalize()}: {text}"
        for field, texts in messages.items()
        for text in texts
    )
