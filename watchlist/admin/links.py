"""Links from an object's page to others: only to pages that its reader may open."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from unfold.decorators import display


def linked_where_open(request: HttpRequest, model: type[Model], fields: Iterable[Any]) -> tuple[Any, ...]:
    """`fields`, each that leads to a page which would be refused replaced by its words alone."""
    return tuple(_words(model, field) if _leads_nowhere(request, model, field) else field for field in fields)


def _leads_nowhere(request: HttpRequest, model: type[Model], field: Any) -> bool:
    try:
        found = model._meta.get_field(field) if isinstance(field, str) else None
    except FieldDoesNotExist:  # a method of the admin's
        return False
    if not isinstance(found, ForeignKey):
        return False
    there = found.related_model._meta
    return not request.user.has_perm(f"{there.app_label}.view_{there.model_name}")  # type: ignore[union-attr]


@cache  # Django asks twice, and looks for the one among the other
def _words(model: type[Model], name: str) -> Callable[[Model], Any]:
    @display(description=model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    def words(obj: Model) -> Any:
        return getattr(obj, name)

    return words
