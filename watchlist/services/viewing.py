"""Looking at personal data is an act, and on the record."""

from typing import Any
from uuid import UUID

from django.db import transaction

from watchlist.models import Deployment, User
from watchlist.services import audit


@transaction.atomic
def viewed(
    *, actor: User, what: str, pk: UUID | str | int, purpose: str, deployment: Deployment | UUID | None = None
) -> None:
    """Records that `actor` opened the thing of kind `what`, and which part of the work it was for."""
    audit.record(
        "record.viewed", actor=actor, deployment=deployment, facts={"what": what, "id": str(pk), "purpose": purpose}
    )


@transaction.atomic
def exported(*, actor: User, what: str, facts: dict[str, Any], purpose: str) -> None:
    """Records that `actor` took a copy out of the system."""
    audit.record("record.exported", actor=actor, facts={"what": what, "purpose": purpose, **facts})
