"""Coming and going: one door for pages and admin, both on the record."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, browser, make_user
from watchlist.models import AuditEntry


def recorded() -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(action__startswith="user.signed").order_by("seq")
    return [(entry.action, json.loads(entry.body)["facts"]["user"]) for entry in entries]


@pytest.mark.parametrize("door", ["logout", "admin:logout"])
def test_a_sign_in_and_a_sign_out_are_on_the_record_and_a_wrong_password_is_not(door: str, cast: Cast) -> None:
    user, client = make_user("vera"), Client()
    user.set_password("a password of hers")
    user.save()
    client.post(reverse("login"), {"username": "vera", "password": "another"})
    assert recorded() == []
    client.post(reverse("login"), {"username": "vera", "password": "a password of hers"})
    client.post(reverse(door))
    client.post(reverse(door))
    assert recorded() == [("user.signed_in", str(user.pk)), ("user.signed_out", str(user.pk))]


@pytest.mark.parametrize("asked", ["/admin/", "/admin/watchlist/subject/"])
def test_the_admin_sends_strangers_to_the_one_sign_in_page(client: Client, db: None, asked: str) -> None:
    answer = client.get(asked, follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('login')}?next={asked}"


def test_the_admin_tells_whoever_has_no_work_there(cast: Cast) -> None:
    answer = browser(cast.finn).get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "None of your roles works in the administration." in answer.content.decode()


def test_health_that_is_not_there_yet_is_no_error_in_the_log(
    client: Client, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert client.get(reverse("healthz")).status_code == 503
    assert "healthz" not in "".join(capsys.readouterr())
