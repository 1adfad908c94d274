"""A person's own password: changed by whoever knows the old one, on the record, and nobody else stays signed in."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD, Cast, browser
from watchlist.models import AuditEntry
from watchlist.selectors.users import has_token
from watchlist.services.tokens import token_issue

NEW = "quite another password"
PEOPLE = ("ada", "sam", "olga", "finn", "audrey", "adam", "nell")


def change(client: Client, **fields: str) -> Any:
    return client.post(reverse("password"), {"old": PASSWORD, "password": NEW, "again": NEW} | fields)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_is_led_there_and_may_change_their_own(name: str, cast: Cast) -> None:
    person = getattr(cast, name)
    client = browser(person)
    assert f'href="{reverse("password")}"' in client.get(reverse("home")).content.decode()
    assert client.get(reverse("password")).status_code == 200
    assert change(client)["Location"] == reverse("home")
    person.refresh_from_db()
    assert person.check_password(NEW)
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.actor) == ("user.password_changed", str(person.pk))
    assert NEW not in entry.body


def test_this_session_goes_on_and_all_others_and_the_token_end(cast: Cast) -> None:
    here, elsewhere = browser(cast.olga), browser(cast.olga)
    token_issue(actor=cast.olga)
    change(here)
    assert here.get(reverse("home")).status_code == 200
    assert elsewhere.get(reverse("home")).status_code == 302
    assert not has_token(cast.olga)
    assert AuditEntry.objects.latest("seq").action == "token.revoked"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"old": "not this one"}, "not your present password"),
        ({"old": ""}, "Write your present password"),
        ({"again": "another again"}, "differs from the new password"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": PASSWORD, "again": PASSWORD}, "the present password: write another"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(fields: dict[str, str], why: str, cast: Cast) -> None:
    entries = AuditEntry.objects.count()
    response = change(browser(cast.olga), **fields)
    assert (response.status_code, why in response.content.decode()) == (400, True)
    cast.olga.refresh_from_db()
    assert cast.olga.check_password(PASSWORD)
    assert AuditEntry.objects.count() == entries


def test_the_page_says_beforehand_how_long_it_must_be_as_the_settings_have_it(cast: Cast) -> None:
    shown = browser(cast.olga).get(reverse("password")).content.decode()
    [rule] = [rule for rule in settings.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in rule["NAME"]]
    assert f"New password, at least {rule['OPTIONS']['min_length']} characters" in shown
    assert "Present password" in shown


def test_guessing_locks_the_name_here_and_at_the_sign_in_page(cast: Cast) -> None:
    client = browser(cast.olga)
    codes = [change(client, old="a wrong password").status_code for _ in range(5)]
    refused = change(client)
    entering = Client().post(reverse("login"), {"username": "olga", "password": PASSWORD})

    assert (codes[:4], refused.status_code, entering.status_code) == ([400] * 4, 429, 429)
    assert "Too many wrong passwords" in refused.content.decode()
    assert reverse("login") not in refused.content.decode()
    cast.olga.refresh_from_db()
    assert cast.olga.check_password(PASSWORD)


def test_a_new_password_forgets_the_wrong_ones(cast: Cast) -> None:
    client = browser(cast.olga)
    for _ in range(4):
        change(client, old="a wrong password")
    change(client)

    assert change(client, old="a wrong password").status_code == 400


def test_the_admin_leads_to_the_same_page(cast: Cast) -> None:
    client = browser(cast.adam)
    for answer in (client.get(reverse("admin:password_change")), client.post(reverse("admin:password_change"))):
        assert (answer.status_code, answer["Location"]) == (302, reverse("password"))


def test_whoever_has_not_signed_in_signs_in_first(cast: Cast) -> None:
    assert change(Client())["Location"].startswith(reverse("login"))
