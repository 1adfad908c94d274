"""What the role of web and workers may do with each table. Granted by the owner after every migration."""

from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

# Nobody rewrites the record: the application adds to the log, and only retention removes details, never the entries.
REVOKED = {
    "watchlist_auditentry": ("UPDATE", "DELETE", "TRUNCATE"),
    "watchlist_auditdetail": ("UPDATE", "TRUNCATE"),
    "django_migrations": ("INSERT", "UPDATE", "DELETE", "TRUNCATE"),
}


def grant_to_app_role(*, using: str = "default", **_: Any) -> None:
    """Gives the role in DATABASE_URL its rights. Does nothing where the same role owns the tables (see the checks)."""
    connection = connections[using]
    if connection.settings_dict["USER"] == settings.LFR_APP_ROLE:
        return
    role = sql.Identifier(settings.LFR_APP_ROLE)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=role))
        for table, rights in REVOKED.items():
            if table in tables:
                statement = sql.SQL("REVOKE {rights} ON {table} FROM {role}").format(
                    rights=sql.SQL(", ".join(rights)), table=sql.Identifier(table), role=role
                )
                cursor.execute(statement)
