"""Reading the record."""

import datetime as dt
import json
from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet

from watchlist.chain import GENESIS
from watchlist.models import AuditEntry, User
from watchlist.permissions import Permission, require
from watchlist.verifier import Copies, Link, exported_line

BATCH = 5000

# Times and ids as the text that was hashed: making Python's objects of them first takes a third of the whole time.
LINKS = """
    SELECT entry.seq, entry.previous, entry.hash, entry.body, detail.salt, detail.text,
           to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
           entry.action, entry.actor, entry.deployment::text
      FROM watchlist_auditentry AS entry LEFT JOIN watchlist_auditdetail AS detail ON detail.entry_id = entry.seq
     WHERE (%(after)s::bigint IS NULL OR entry.seq > %(after)s)
       AND (%(up_to)s::bigint IS NULL OR entry.seq <= %(up_to)s)
     ORDER BY entry.seq
     LIMIT %(batch)s
"""


def entries_for(user: User) -> QuerySet[AuditEntry]:
    """The record, newest first. Raises NotAllowed for whoever may not read it."""
    require(user, Permission.AUDIT_READ)
    return AuditEntry.objects.select_related("detail").order_by("-seq")


def links(*, up_to: int | None = None) -> Iterator[Link]:
    """The stored chain from its start, `BATCH` entries at a time: no transaction stays open for the whole of it."""
    after: int | None = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(LINKS, {"after": after, "up_to": up_to, "batch": BATCH})
            batch = cursor.fetchall()
        if not batch:
            return
        for seq, previous, digest, body, salt, text, *copies in batch:
            yield Link(seq, previous, digest, body, None if salt is None else bytes(salt), text, Copies(*copies))
        after = batch[-1][0]


def export_lines(*, up_to: int | None = None) -> Iterator[str]:
    """One JSON object a line, oldest first: everything that verification without the database needs."""
    return map(exported_line, links(up_to=up_to))


def head() -> tuple[int, str]:
    """Number and hash of the newest entry: the figure to keep outside the database."""
    return AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)


def passwords_changed(*, since: dt.datetime) -> set[str]:
    """Ids of the accounts that have been given another password, or have taken one."""
    changes = AuditEntry.objects.filter(action__in=["user.password_set", "user.password_changed"], at__gte=since)
    return {json.loads(body)["facts"]["user"] for body in changes.values_list("body", flat=True)}
