"""The demo: made once by its different people, left as it is while it lives, made anew when it has ended."""

import io
import re
import stat

import pytest
from django.core.management import CommandError, call_command

from lfrweb.embedded.paths import CHECKOUT
from lfrweb.prepare import prepared
from recognition.demo import sought
from tests.cast import PASSWORD, Cast, make_cast, make_picture, make_reference, make_subject, make_user
from watchlist.models import (
    Appointment,
    Category,
    Deployment,
    DeploymentState,
    ReferenceImage,
    Resemblance,
    Role,
    Subject,
    Template,
    User,
)
from watchlist.permissions import Permission, allowed
from watchlist.selectors.audit import links
from watchlist.services.deployments import deployment_close
from watchlist.services.subjects import subject_update
from watchlist.services.users import appointment_add, appointment_remove, password_set, user_update
from watchlist.verifier import verify


@pytest.fixture
def accounts_file(committed_db, settings):
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


def test_a_person_enrolled_with_another_pack_before_is_enrolled_with_this_one(accounts_file):
    seeded()
    deployment_close(actor=User.objects.get(username="operator"), deployment=Deployment.objects.get(), reason="Over.")
    Template.objects.update(pack="other-9")
    assert "live until" in seeded()
    assert set(Template.objects.values_list("pack", "state")) == {("other-9", "made"), ("dlib-2", "made")}
    assert verify(links()).sound


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


def test_the_footage_is_there_before_anybody_asks_for_it(accounts_file, settings, tmp_path):
    settings.LFR_PACK_CACHE = (tmp_path / "packs").absolute()
    settings.LFR_PACK_CACHE.symlink_to(CHECKOUT / "var" / "cache" / "packs")
    seeded()
    assert (tmp_path / "footage" / "sample.webm").stat().st_size > 1_000_000


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


def test_lost_passwords_are_written_again_and_none_is_reset(accounts_file):
    seeded()
    written, before = accounts_file.read_text(), rows()
    accounts_file.unlink()
    seeded()
    assert (accounts_file.read_text(), rows()) == (written, before)


def test_a_password_that_was_set_before_it_was_told_is_still_told(accounts_file):
    """As an installation has it whose accounts were given their passwords after they were made."""
    seeded()
    administrator = User.objects.get(username="administrator")
    password_set(actor=administrator, user=User.objects.get(username="officer"), password=PASSWORD)
    lines = accounts_file.read_text().splitlines()
    told = [f"officer {PASSWORD}" if line.startswith("officer") else line for line in lines]
    accounts_file.write_text("\n".join(told))
    for _ in range(2):
        seeded()
        assert [line.split() for line in accounts_file.read_text().splitlines()] == [line.split() for line in told]


@pytest.mark.parametrize("lost", [True, False])
def test_a_password_that_was_changed_by_hand_stays(accounts_file, lost):
    seeded()
    written = accounts_file.read_text()
    officer = User.objects.get(username="officer")
    password_set(actor=User.objects.get(username="administrator"), user=officer, password=PASSWORD)
    if lost:
        accounts_file.unlink()
    seeded()
    assert written.splitlines()[0] == accounts_file.read_text().splitlines()[0]
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)
    assert re.search(r"^officer +\(changed by hand\)$", accounts_file.read_text(), re.MULTILINE)


@pytest.mark.parametrize("username", ["administrator", "operator"])
def test_somebodys_own_account_is_not_taken_for_the_demos(accounts_file, username):
    own = make_user(username)
    before = rows()
    with pytest.raises(CommandError, match=f"account {username} is not the demo's"):
        seeded()
    assert (rows(), accounts_file.exists()) == (before, False)
    own.refresh_from_db()
    assert own.check_password(PASSWORD)


def test_a_database_with_an_administrator_gets_no_demo(accounts_file):
    make_cast()
    before = rows()
    with pytest.raises(CommandError, match="an administrator of its own"):
        seeded()
    assert rows() == before


def test_an_administrator_appointed_beside_the_demos_does_not_end_it(accounts_file):
    seeded()
    appointment_add(actor=User.objects.get(username="administrator"), user=make_user("own"), role=Role.ADMINISTRATOR)
    deployment_close(actor=User.objects.get(username="operator"), deployment=Deployment.objects.get(), reason="Over.")
    seeded()
    assert Deployment.objects.filter(state=DeploymentState.LIVE, demo=True).count() == 1


def deactivated(username: str) -> None:
    user = User.objects.get(username=username)
    user_update(
        actor=User.objects.get(username="administrator"), user=user, display_name=user.display_name, is_active=False
    )


def unappointed(username: str) -> None:
    appointment_remove(
        actor=User.objects.get(username="administrator"), appointment=Appointment.objects.get(user__username=username)
    )


def resembling(username: str) -> None:
    """Somebody else is listed with the same photograph, and nobody has answered whether that is one person."""
    cast = Cast(**dict.fromkeys(Cast.__dataclass_fields__, User.objects.get(username=username)))
    [reference] = ReferenceImage.objects.all()
    other = make_reference(cast, make_subject(cast))
    Resemblance.objects.create(reference=reference, other=other, kind=Resemblance.Kind.SAME_FILE)


@pytest.mark.parametrize(
    ("happens", "username", "why"),
    [
        (deactivated, "operator", "Demo operator is deactivated"),
        (deactivated, "steward", "Demo steward is deactivated"),
        (unappointed, "authoriser", "no longer appointed as authoriser"),
        (resembling, "steward", "Nobody on the list has an enrolled image"),
    ],
)
def test_a_demo_that_cannot_be_made_leaves_no_half_and_keeps_nothing_down(accounts_file, happens, username, why):
    seeded()
    deployment_close(actor=User.objects.get(username="operator"), deployment=Deployment.objects.get(), reason="Over.")
    happens(username)
    before = rows()
    [notice] = prepared()
    assert why in notice
    assert "LFR_DEMO=0" in notice
    assert rows() == before
    assert verify(links()).sound


def test_a_photograph_that_is_rejected_leaves_nothing_however_often_it_is_tried(accounts_file, monkeypatch, tmp_path):
    photograph = tmp_path / "noise.jpg"
    photograph.write_bytes(make_picture())
    monkeypatch.setattr(sought, "photograph", lambda: photograph)
    for _ in range(2):
        with pytest.raises(CommandError, match="not enrolled: No face was found"):
            seeded()
    assert not ReferenceImage.objects.exists()
    assert verify(links()).sound


def test_a_demo_is_made_for_the_category_that_its_person_has(accounts_file):
    seeded()
    deployment_close(actor=User.objects.get(username="operator"), deployment=Deployment.objects.get(), reason="Over.")
    steward = User.objects.get(username="steward")
    subject_update(actor=steward, subject=Subject.objects.get(), category=Category.WANTED_BY_COURTS)
    seeded()
    assert Deployment.objects.filter(state=DeploymentState.LIVE, categories=[Category.WANTED_BY_COURTS]).count() == 1
