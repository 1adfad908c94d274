"""Writing the record. Call `record` as the last statement of the transaction it describes: the chain's lock is held
from there to the commit, and row locks taken after it would deadlock with other writers."""

import os
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from watchlist.chain import GENESIS, canonical, detail_hash, link_hash
from watchlist.models import AuditDetail, AuditEntry, Deployment, User
from watchlist.verifier import DETAILS_DESTROYED

CHAIN_LOCK = 0x6C667277  # "lfrw"
SYSTEM = "system"
SALT_BYTES = 16


def record(
    action: str,
    *,
    actor: User | None,
    deployment: Deployment | UUID | None = None,
    facts: dict[str, Any],
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Adds one link to the chain, in the caller's transaction.

    `facts` are ids, codes and counts and stay for ever; `detail` is personal and may be purged: the entry holds only
    its salted SHA-256. `actor` is None for the system itself, such as a clock that ran out.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit entry belongs to the transaction of what it records.")
    detail_text = None if detail is None else canonical(detail)
    salt = os.urandom(SALT_BYTES)
    deployment_id = deployment.pk if isinstance(deployment, Deployment) else deployment
    with connection.cursor() as cursor:
        # In a statement of its own: a snapshot taken before the lock is granted would miss the newest link.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    head = AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)
    now = timezone.now()
    who = str(actor.pk) if actor else SYSTEM
    content = {
        "action": action,
        "actor": who,
        "at": now.isoformat(timespec="microseconds"),
        "deployment": str(deployment_id) if deployment_id else None,
        "detail": None if detail_text is None else detail_hash(salt, detail_text),
        "facts": facts,
        "seq": head[0] + 1,
    }
    body = canonical(content)
    entry = AuditEntry.objects.create(
        seq=head[0] + 1,
        previous=head[1],
        hash=link_hash(head[1], body),
        body=body,
        at=now,
        action=action,
        actor=who,
        deployment=deployment_id,
    )
    if detail_text is not None:
        AuditDetail.objects.create(entry=entry, salt=salt, text=detail_text)
    return entry


@transaction.atomic
def details_destroy(*, rule: str, entries: Iterable[int]) -> int:
    """Destroys the personal detail of these entries and says so on the record, naming the rule. Returns how many had
    one. What is missing without such an entry is a fault to whoever verifies."""
    with connection.cursor() as cursor:
        # One statement: whoever asks for the same entries at once is left with none of them.
        cursor.execute(
            "DELETE FROM watchlist_auditdetail WHERE entry_id = ANY(%s) RETURNING entry_id", [sorted(set(entries))]
        )
        destroyed = sorted(seq for (seq,) in cursor.fetchall())
    if destroyed:
        record(DETAILS_DESTROYED, actor=None, facts={"rule": rule, "entries": _runs(destroyed)})
    return len(destroyed)


def _runs(numbers: list[int]) -> list[list[int]]:
    """Sorted numbers as first and last of each unbroken run."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs
