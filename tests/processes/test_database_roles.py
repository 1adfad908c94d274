"""The application's role adds to the record and cannot rewrite it."""

import pytest
from django.db import ProgrammingError, connection, transaction

from lfrweb.database_roles import as_owner
from watchlist.services.audit import record


@pytest.mark.django_db
def test_it_connects_with_the_applications_rights():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("lfrweb_app",)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE watchlist_auditentry SET body = ''",
        "DELETE FROM watchlist_auditentry",
        "TRUNCATE watchlist_auditentry CASCADE",
        "UPDATE watchlist_auditdetail SET text = ''",
        "TRUNCATE watchlist_auditdetail",
        "ALTER TABLE watchlist_auditentry DISABLE TRIGGER USER",
        "DROP TABLE watchlist_auditdetail",
        "UPDATE django_migrations SET name = ''",
        "CREATE TABLE mine (id int)",
    ],
)
def test_it_refuses(statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_it_lets_retention_remove_details():
    connection.cursor().execute("DELETE FROM watchlist_auditdetail")


def test_the_owner_is_asked_for_by_name_and_given_back(committed_db):
    def user():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            return cursor.fetchone()[0]

    with as_owner():
        assert user() == "lfrweb_owner"
    assert user() == "lfrweb_app"


def test_committed_rows_are_gone_afterwards_first(committed_db):
    with transaction.atomic():
        record("test.written", actor=None, facts={})


def test_committed_rows_are_gone_afterwards_second(committed_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM watchlist_auditentry")
        assert cursor.fetchone() == (0,)
