"""The small forms of the admin: each says whom or what it acts on, and whose names it shows is on the record."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from tests.cast import Cast, browser, make_draft, make_reference, make_subject
from watchlist.models import AuditEntry, Deployment, ListEntry, Resemblance, Subject
from watchlist.services.lists import list_add
from watchlist.services.references import Resembling


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


@pytest.fixture
def market(cast: Cast) -> Deployment:
    return make_draft(cast, name="Saturday market", place="Market Square")


@pytest.fixture
def sought(cast: Cast, market: Deployment) -> Subject:
    subject = make_subject(cast, name="Somebody Sought", record_number="W-1")
    list_add(actor=cast.sam, deployment=market, subject=subject)
    return subject


def shown(client: Client, url: str) -> tuple[list[str], str, str]:
    """The way to the page as it stands above it, its heading and its button."""
    content = html.unescape(client.get(url).content.decode())
    way, heading, form = re.search(  # type: ignore[union-attr]
        r"<h1[^>]*>(.*?)</h1>.*<h2[^>]*>([^<]*)</h2>\s*<form[^>]*novalidate>(.*)", content, re.DOTALL
    ).groups()
    button = re.search(r'<button type="submit"[^>]*>\s*<span[^>]*>([^<]*)</span>', form)
    assert button
    return re.findall(r"<a[^>]*>\s*([^<]*?)\s*</a>", way), heading, button[1].strip()


OF_ACCOUNTS: dict[str, tuple[str, str]] = {
    "user_appoint": ("Appoint olga to a role", "Appoint olga"),
    "user_set_password": ("Set a new password for olga", "Set olga's password"),
    "user_revoke_token": ("Revoke olga's token", "Revoke olga's token"),
}


@pytest.mark.parametrize("name", OF_ACCOUNTS)
def test_a_form_about_an_account_names_it(name: str, cast: Cast) -> None:
    Token.objects.create(user=cast.olga)
    crumbs, *said = shown(browser(cast.adam), page(name, cast.olga.pk))
    assert crumbs == ["Watch-list", "Users", "olga"]
    assert tuple(said) == OF_ACCOUNTS[name]


def test_the_end_of_an_appointment_names_the_person_and_the_role(cast: Cast) -> None:
    crumbs, *said = shown(browser(cast.adam), page("appointment_end", cast.olga.appointments.get().pk))
    assert crumbs[-1] == "olga"
    assert said == ["End olga's appointment as operator", "End olga's appointment as operator"]


OF_DEPLOYMENTS: dict[str, tuple[str, str, str]] = {
    "deployment_approve": ("ada", "Approve Saturday market", "Approve Saturday market"),
    "deployment_close": ("ada", "Close Saturday market for good", "Close Saturday market for good"),
    "deployment_promise": ("sam", "Change what Saturday market promises", "Change the promise of Saturday market"),
    "deployment_add_member": ("sam", "Add a person to the team of Saturday market", "Add to the team"),
    "deployment_add_camera": ("sam", "Add a camera to Saturday market", "Add the camera"),
    "deployment_add_entry": ("sam", "Add to the list of Saturday market", "Add to the list"),
}


@pytest.mark.parametrize("name", OF_DEPLOYMENTS)
def test_a_form_about_a_deployment_names_it(name: str, cast: Cast, market: Deployment) -> None:
    person, *expected = OF_DEPLOYMENTS[name]
    crumbs, *said = shown(browser(getattr(cast, person)), page(name, market.pk))
    assert crumbs == ["Watch-list", "Deployments", "Saturday market, Market Square"]
    assert said == expected


OF_PARTS: dict[str, tuple[Callable[[Deployment], Any], str, str]] = {
    "member_remove": (
        lambda market: market.memberships.get(user__username="olga"),
        "Remove olga as operator from the team",
        "Remove olga as operator",
    ),
    "camera_rename": (lambda market: market.cameras.get(), "Rename the camera North", "Rename"),
    "camera_remove": (lambda market: market.cameras.get(), "Remove the camera North", "Remove North"),
    "entry_remove": (
        lambda market: market.entries.get(),
        "Remove Somebody Sought (W-1) from the list",
        "Remove Somebody Sought (W-1)",
    ),
}


@pytest.mark.parametrize("name", OF_PARTS)
def test_a_form_about_a_part_of_a_deployment_names_both(
    name: str, cast: Cast, market: Deployment, sought: Subject
) -> None:
    part, *expected = OF_PARTS[name]
    crumbs, *said = shown(browser(cast.sam), page(name, part(market).pk))
    assert crumbs[-1] == "Saturday market, Market Square"
    assert said == expected


def looks(cast: Cast) -> list[tuple[str, str]]:
    entries = AuditEntry.objects.filter(action="record.viewed", actor=str(cast.sam.pk)).order_by("seq")
    return [(facts["what"], facts["id"]) for facts in (json.loads(entry.body)["facts"] for entry in entries)]


def test_a_form_that_names_a_person_sought_is_a_look_at_them(cast: Cast, sought: Subject) -> None:
    image = make_reference(cast, sought)
    found = [Resembling(image.pk, Resemblance.Kind.SAME_FACE, 0.97)]
    twin = make_reference(cast, make_subject(cast, name="Somebody Else"), resemblances=found)
    warning, entry = Resemblance.objects.get(reference=twin), ListEntry.objects.get()
    client = browser(cast.sam)
    headings = [
        shown(client, page(name, pk))[1]
        for name, pk in (
            ("subject_add_images", sought.pk),
            ("referenceimage_withdraw", image.pk),
            ("resemblance_answer", warning.pk),
            ("entry_remove", entry.pk),
        )
    ]
    assert headings[0] == "Add images of Somebody Sought (W-1)"
    assert headings[1].startswith("Withdraw this image: W-1, Custody photograph")
    assert headings[2].startswith("Answer the warning about Somebody Else (")
    assert looks(cast) == [
        ("subject", str(sought.pk)),
        ("reference", str(image.pk)),
        ("resemblance", str(warning.pk)),
        ("list entry", str(entry.pk)),
    ]
    client.post(page("entry_remove", entry.pk), {"reason": ""})
    assert looks(cast)[4:] == [("list entry", str(entry.pk))], "The form is shown again with its fault."
