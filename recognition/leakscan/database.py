"""Every cell of every table, as the owner of the tables sees them."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

from recognition.leakscan.pieces import Kind, Piece

_COLUMNS = """
SELECT c.table_schema, c.table_name, c.column_name, c.udt_name
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
ORDER BY c.table_schema, c.table_name, c.ordinal_position
"""

_PRIMARY_KEY = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY array_position(i.indkey, a.attnum)
"""


def cells(connection: psycopg.Connection) -> Iterator[Piece]:
    """Binary columns as they are stored, all others in PostgreSQL's own text; NULLs are left out."""
    tables: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, type_name in connection.execute(_COLUMNS).fetchall():
        tables.setdefault((schema, table), {})[column] = type_name
    for (schema, table), columns in tables.items():
        yield from _of_table(connection, schema, table, columns)


def _of_table(connection: psycopg.Connection, schema: str, table: str, columns: dict[str, str]) -> Iterator[Piece]:
    name = sql.Identifier(schema, table)
    key = [column for (column,) in connection.execute(_PRIMARY_KEY, [name.as_string(connection)]).fetchall()]
    row_name = _texts(key) if key else [sql.SQL("ctid::text")]
    values = [
        sql.Identifier(column) if type_name == "bytea" else _text(column) for column, type_name in columns.items()
    ]
    query = sql.SQL("SELECT concat_ws(' ', {}), {} FROM {}").format(
        sql.SQL(", ").join(row_name), sql.SQL(", ").join(values), name
    )
    for where, *row in connection.execute(query).fetchall():
        for column, value in zip(columns, row, strict=True):
            if value is not None:
                data = value.encode() if isinstance(value, str) else bytes(value)
                yield Piece(Kind.COLUMN, f"{table}.{column}", where, data)


def _texts(columns: list[str]) -> list[sql.Composable]:
    return [_text(column) for column in columns]


def _text(column: str) -> sql.Composable:
    return sql.SQL("{}::text").format(sql.Identifier(column))
