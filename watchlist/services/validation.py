"""Django's validation of a model, and what people write, raised as this package's own error."""

from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from watchlist.errors import InvalidInput

LONGEST_TEXT = 5000

M = TypeVar("M", bound=Model)


def validated(instance: M, *, besides: frozenset[str] = frozenset()) -> M:
    """`instance`, once its fields and the database's constraints hold, `besides` those about fields that its kind
    leaves empty. Raises InvalidInput saying which do not."""
    try:
        instance.full_clean(exclude=set(besides))
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


def worded(text: str, *, field: str, why: str) -> str:
    """What a person wrote, without the space around it. Raises InvalidInput with the sentence `why` for nothing."""
    written = storable(text, field=field)
    if not written:
        raise InvalidInput(field, why, {field: [why]})
    return written


def storable(text: str, *, field: str) -> str:
    """As `worded`, for what may be left empty."""
    if len(text) > LONGEST_TEXT:
        why = f"This is longer than {LONGEST_TEXT} characters: shorten it."
        raise InvalidInput(field, why, {field: [why]})
    # PostgreSQL stores neither: without this, both would end as a server error.
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        why = "This holds a character that cannot be stored: type the text instead of pasting it."
        raise InvalidInput(field, why, {field: [why]})
    return text.strip()


def _sentence(messages: dict[str, list[str]]) -> str:
    return " ".join(
        text if field == NON_FIELD_ERRORS else f"{field.replace('_', ' ').capitalize()}: {text}"
        for field, texts in messages.items()
        for text in texts
    )
