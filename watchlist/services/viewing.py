"""Looking at personal data is an act, and on the record."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction

from watchlist.models import AuditEntry, Deployment, User
from watchlist.permissions import Permission, require
from watchlist.selectors.audit import export_lines
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
def exported(*, actor: User, what: str, facts: dict[str, Any], purpose: str) -> AuditEntry:
    """Records that `actor` took a copy out of the system."""
    return audit.record("record.exported", actor=actor, facts={"what": what, "purpose": purpose, **facts})


def record_export(*, actor: User, purpose: str) -> Iterator[str]:
    """The record as lines of JSON, ending with the entry that says who took it. Raises NotAllowed."""
    require(actor, Permission.AUDIT_READ)
    entry = exported(actor=actor, what="audit", facts={}, purpose=purpose)
    return export_lines(up_to=entry.seq)
