"""Reading the record."""

from collections.abc import Iterator

from django.db.models import QuerySet

from watchlist.chain import GENESIS
from watchlist.models import AuditEntry, User
from watchlist.permissions import Permission, require
from watchlist.verifier import Copies, Link, exported_line

BATCH = 5000

LINK = ("seq", "previous", "hash", "body", "detail__salt", "detail__text", "at", "action", "actor", "deployment")


def entries_for(user: User) -> QuerySet[AuditEntry]:
    """The record, newest first. Raises NotAllowed for whoever may not read it."""
    require(user, Permission.AUDIT_READ)
    return AuditEntry.objects.select_related("detail").order_by("-seq")


def links(*, up_to: int | None = None) -> Iterator[Link]:
    """The stored chain from its start, `BATCH` entries at a time: no transaction stays open for the whole of it."""
    rows = AuditEntry.objects.order_by("seq").values_list(*LINK)
    if up_to is not None:
        rows = rows.filter(seq__lte=up_to)
    last: int | None = None
    while batch := list((rows if last is None else rows.filter(seq__gt=last))[:BATCH]):
        for seq, previous, digest, body, salt, text, *copies in batch:
            yield Link(seq, previous, digest, body, None if salt is None else bytes(salt), text, Copies(*copies))
        last = batch[-1][0]


def export_lines(*, up_to: int | None = None) -> Iterator[str]:
    """One JSON object a line, oldest first: everything that verification without the database needs."""
    return map(exported_line, links(up_to=up_to))


def head() -> tuple[int, str]:
    """Number and hash of the newest entry: the figure to keep outside the database."""
    return AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)
