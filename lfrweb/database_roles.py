"""Which role connects to the database, and what the role of web and workers may do with each table."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from lfrweb.env import database

# Nobody rewrites the record: the application adds to it, and only retention removes details, never the entries. What
# thresholds rest on is added to alike.
REVOKED = {
    "watchlist_auditentry": ("UPDATE", "DELETE", "TRUNCATE"),
    "watchlist_auditdetail": ("UPDATE", "TRUNCATE"),
    "watchlist_calibration": ("UPDATE", "DELETE", "TRUNCATE"),
    "django_migrations": ("INSERT", "UPDATE", "DELETE", "TRUNCATE"),
}
CREDENTIALS = ("USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def as_owner(alias: str = "default") -> Iterator[None]:
    """Connects as the owner of the tables while the block runs."""
    connection = connections[alias]
    owner = database(settings.LFR_OWNER_URL)
    before = {name: connection.settings_dict[name] for name in CREDENTIALS}
    _reconnect(alias, credentials={name: owner[name] for name in CREDENTIALS})
    try:
        yield
    finally:
        _reconnect(alias, credentials=before)


def grant_to_app_role(alias: str = "default") -> None:
    """Gives the role in DATABASE_URL its rights. Does nothing where that role owns the tables (see the checks)."""
    connection = connections[alias]
    if connection.settings_dict["USER"] == settings.LFR_APP_ROLE:
        return
    role = sql.Identifier(settings.LFR_APP_ROLE)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=role))
        # Migrating back to before a table exists is the one case in which it is missing here.
        for table in tables & REVOKED.keys():
            revocation = sql.SQL("REVOKE {rights} ON {table} FROM {role}")
            rights = sql.SQL(", ".join(REVOKED[table]))
            cursor.execute(revocation.format(rights=rights, table=sql.Identifier(table), role=role))


def _reconnect(alias: str, *, credentials: dict[str, Any]) -> None:
    connection: Any = connections[alias]  # PostgreSQL's own wrapper, which has a pool
    connection.close()
    # The pool was opened with the other role's credentials.
    connection.close_pool()
    connection.settings_dict.update(credentials)
