"""The demo: made once by its different people, left as it is while it lives, made anew when it has ended."""

import io
import stat

import pytest
from django.conf import settings
from django.core.management import call_command

from watchlist.models import Appointment, Deployment, DeploymentState, ReferenceImage, Role, Subject, User
from watchlist.permissions import Permission, allowed
from watchlist.services.deployments import deployment_close


@pytest.fixture
def accounts_file(committed_db):
    file = settings.LFR_VAR / "demo-accounts.txt"
    file.unlink(missing_ok=True)
    yield file
    file.unlink(missing_ok=True)


def seeded() -> str:
    said = io.StringIO()
    call_command("seed_demo", stdout=said)
    return said.getvalue()


def rows() -> dict[str, list]:
    return {
        "users": sorted(User.objects.values_list("username", "password")),
        "appointments": sorted(Appointment.objects.values_list("user__username", "role")),
        "subjects": list(Subject.objects.values_list("pk", "expires_on")),
        "references": list(ReferenceImage.objects.values_list("pk", "state")),
        "deployments": sorted(Deployment.objects.values_list("pk", "state", "gallery_version")),
    }


def test_an_empty_database_gets_accounts_and_one_live_deployment(accounts_file):
    assert "live until" in seeded()
    deployment = Deployment.objects.get()
    assert (deployment.state, deployment.demo) == (DeploymentState.LIVE, True)
    assert deployment.applied_by != deployment.approved_by
    assert [entry.subject.name for entry in deployment.entries.all()] == ["Eileen Collins"]
    assert set(Appointment.objects.values_list("role", flat=True)) == set(Role.values)


def test_the_accounts_open_with_the_passwords_in_a_file_of_mode_600(accounts_file, client):
    seeded()
    assert stat.S_IMODE(accounts_file.stat().st_mode) == 0o600
    accounts = dict(line.split() for line in accounts_file.read_text().splitlines())
    assert set(accounts) == set(User.objects.values_list("username", flat=True))
    assert len(set(accounts.values())) == len(accounts)
    for username, password in accounts.items():
        assert User.objects.get(username=username).check_password(password)


def test_the_administrator_is_no_superuser(accounts_file):
    seeded()
    administrator = User.objects.get(username="administrator")
    deployment = Deployment.objects.get()
    assert not getattr(administrator, "is_superuser", False)
    for permission in (Permission.ALERT_VIEW, Permission.FRAMES_SEND, Permission.SUBJECT_EDIT):
        assert not allowed(administrator, permission, deployment)


def test_a_second_start_changes_nothing(accounts_file):
    seeded()
    before, passwords = rows(), accounts_file.read_text()
    seeded()
    assert (rows(), accounts_file.read_text()) == (before, passwords)


def test_a_start_after_the_deployment_closed_makes_a_new_one(accounts_file):
    seeded()
    first = Deployment.objects.get()
    deployment_close(actor=User.objects.get(username="operator"), deployment=first, reason="The day is over.")
    seeded()
    second = Deployment.objects.exclude(pk=first.pk).get()
    assert second.state == DeploymentState.LIVE
    assert second.entries.get().subject == first.entries.get().subject
    assert ReferenceImage.objects.count() == 1


def test_lost_passwords_are_made_anew(accounts_file):
    seeded()
    lost = accounts_file.read_text()
    accounts_file.unlink()
    seeded()
    assert accounts_file.read_text() != lost
    username, password = accounts_file.read_text().splitlines()[0].split()
    assert User.objects.get(username=username).check_password(password)
