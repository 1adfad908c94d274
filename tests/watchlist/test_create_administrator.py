"""The first administrator: made at the command line, once."""

import io
import os
import pty
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lfrweb.embedded.paths import CHECKOUT, StateFolder
from lfrweb.prepare import prepared
from tests.cast import PASSWORD, Cast, make_user
from watchlist.models import Appointment, AuditEntry, Role, User


def create(username: str, *lines: str) -> str:
    """What the command says to whoever pipes these lines into it."""
    said, stdin = io.StringIO(), sys.stdin
    sys.stdin = io.StringIO("".join(f"{line}\n" for line in lines))
    try:
        call_command("create_administrator", username, stdout=said)
    finally:
        sys.stdin = stdin
    return said.getvalue()


@pytest.mark.django_db
def test_it_reads_one_line_and_the_record_says_who_was_made() -> None:
    assert "alice" in create("alice", PASSWORD, "not this")
    alice = User.objects.get()
    assert alice.check_password(PASSWORD)
    assert alice.appointments.get().role == Role.ADMINISTRATOR
    made = AuditEntry.objects.order_by("seq").values_list("action", "actor")
    assert list(made) == [("user.created", "system"), ("appointment.added", "system")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "password", "why"),
    [
        ("alice", "short", "too short"),
        ("alice", "", "too short"),
        ("administrator-alice", "administrator-alice", "too similar to the username"),
        ("not a name", PASSWORD, "Username"),
    ],
)
def test_what_is_not_good_enough_makes_nobody(username: str, password: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        create(username, password)
    assert not User.objects.exists()


def test_it_is_refused_where_somebody_administers(cast: Cast) -> None:
    with pytest.raises(CommandError, match="has an administrator"):
        create("alice", PASSWORD)
    assert not User.objects.filter(username="alice").exists()


def test_an_administrator_who_cannot_sign_in_does_not_count(cast: Cast) -> None:
    User.objects.filter(pk=cast.adam.pk).update(is_active=False)
    create("alice", PASSWORD)
    assert User.objects.get(username="alice").appointments.exists()


@pytest.mark.django_db
def test_createsuperuser_names_the_right_command() -> None:
    with pytest.raises(CommandError, match="create_administrator"):
        call_command("createsuperuser", interactive=False, username="alice")


@pytest.mark.django_db
def test_a_start_says_that_nobody_administers_until_somebody_does(settings: Any) -> None:
    settings.LFR_DEMO = False
    [notice] = prepared()
    assert "create_administrator" in notice
    Appointment.objects.create(user=make_user("alice"), role=Role.ADMINISTRATOR)
    assert not list(prepared())


def at_a_terminal(services: StateFolder, *answers: str) -> tuple[str, int]:
    """What stands on the screen after `manage.py create_administrator alice` and these answers, and how it ended."""
    # Named, although they run in this state folder: the database is the tests'.
    name = str(connection.settings_dict["NAME"])
    database = services.database_url(str(connection.settings_dict["USER"])).rpartition("/")[0]
    environment = os.environ | {"DATABASE_URL": f"{database}/{name}", "REDIS_URL": services.redis_url}
    process, screen = pty.fork()
    if not process:
        os.chdir(CHECKOUT)
        os.execve(sys.executable, [sys.executable, "manage.py", "create_administrator", "alice"], environment)
    shown = b""
    for answer in answers:
        while not shown.endswith(b": "):
            shown += os.read(screen, 1024)
        os.write(screen, f"{answer}\n".encode())
        shown += b"\n"
    try:
        while more := os.read(screen, 1024):
            shown += more
    except OSError:
        pass  # how a terminal says that nobody writes to it any more
    os.close(screen)
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_a_terminal_is_asked_twice_and_shows_no_password(services: StateFolder, committed_db: None) -> None:
    shown, status = at_a_terminal(services, PASSWORD, "something else")
    assert (status, "differ" in shown, User.objects.exists()) == (1, True, False)
    shown, status = at_a_terminal(services, PASSWORD, PASSWORD)
    assert (status, User.objects.get().check_password(PASSWORD)) == (0, True)
    assert PASSWORD not in shown
