"""Deployments in the admin: applied for, staffed, listed, approved; and what is refused."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recognition.packs.calibration import shipped
from tests.cast import PACK, Cast, browser, make_draft, make_listed_subject, make_live
from watchlist.models import Appointment, AuditEntry, Deployment, DeploymentState, Membership, Role
from watchlist.services.deployments import deployment_update
from watchlist.services.lists import list_add, list_remove


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


def submit(client: Client, url: str, fields: dict[str, Any]) -> Any:
    """Sends a page's form as a browser does, with the hidden fields that stand in it."""
    return client.post(url, hidden_in(client.get(url)) | fields)


def hidden_in(response: Any) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode()))


def an_application(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Saturday market",
        "place": "Market Square",
        "ground": "hotspot",
        "evidence": "Forty thefts in eight weeks.",
        "purpose": "To find people wanted by the courts.",
        "categories": ["wanted", "missing"],
        "starts_at_0": "2030-07-06",
        "starts_at_1": "10:00",
        "ends_at_0": "2030-07-06",
        "ends_at_1": "16:00",
        "time_zone": "Europe/London",
        "pack": PACK,
        "one_in": "1000",
        "footfall": "5000",
        "two_person": "on",
        "alert_seconds": "60",
        "quiet_seconds": "60",
    } | changes


def test_a_steward_applies_and_the_window_is_meant_by_the_clock_there(cast: Cast) -> None:
    response = browser(cast.sam).post(page("deployment_add"), an_application())
    deployment = Deployment.objects.get()
    assert response["Location"] == page("deployment_change", deployment.pk)
    assert deployment.starts_at == dt.datetime(2030, 7, 6, 9, tzinfo=dt.UTC), "British summer time is an hour ahead."
    assert (deployment.applied_by, deployment.state) == (cast.sam, DeploymentState.DRAFT)
    assert deployment.categories == ["wanted", "missing"]
    shown = browser(cast.sam).get(page("deployment_change", deployment.pk)).content.decode()
    assert "6 July 2030, 10:00 to 6 July, 16:00 (BST)" in shown
    assert 'value="10:00' in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ends_at_1": "09:00"}, "ends after it starts"),
        ({"ends_at_0": "2030-07-08"}, "at most 24 hours"),
        ({"time_zone": "Mars/Olympus"}, "is not a time zone"),
        ({"categories": []}, "This field is required"),
        ({"ground": ""}, "Choose the ground."),
        ({"one_in": "7"}, "one false alert in 10 to 1,000,000 faces"),
        ({"one_in": "999"}, "needs a second person"),
        (
            {"starts_at_0": "2030-03-31", "starts_at_1": "01:30", "ends_at_0": "2030-03-31"},
            "may be ambiguous or it may",
        ),
    ],
)
def test_an_unsound_application_is_told_in_the_form(changes: dict[str, Any], told: str, cast: Cast) -> None:
    response = browser(cast.sam).post(page("deployment_add"), an_application(**changes))
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not Deployment.objects.exists()


def test_the_form_says_what_promises_cost(cast: Cast) -> None:
    shown = browser(cast.sam).get(page("deployment_add")).content.decode()
    calibration = shipped(PACK)
    for size in (1, 100, calibration.largest_list()):
        threshold = calibration.threshold_for(templates=size)
        recognised = f"{round(100 * calibration.recognised_share(threshold))}\N{NO-BREAK SPACE}%"
        expected = f"{size:,} listed with one image each: about {recognised}, at the threshold {threshold:.4f}"
        assert expected in shown
    assert "Longer lists are refused" in shown
    assert 'name="threshold"' not in shown


def test_a_draft_is_changed_by_its_steward_and_afterwards_by_nobody(cast: Cast) -> None:
    draft, live = make_draft(cast), make_live(cast)
    client = browser(cast.sam)
    submit(client, page("deployment_change", draft.pk), an_application())
    draft.refresh_from_db()
    assert draft.name == "Saturday market"
    assert client.post(page("deployment_change", live.pk), an_application()).status_code == 403
    assert "Wanted by the courts" in client.get(page("deployment_change", live.pk)).content.decode()


def test_team_cameras_and_list_are_added_and_removed(cast: Cast) -> None:
    client = browser(cast.sam)
    client.post(page("deployment_add"), an_application())
    deployment = Deployment.objects.get()
    subject = make_listed_subject(cast)
    client.post(page("deployment_add_member", deployment.pk), {"user": cast.olga.pk, "role": "operator"})
    client.post(page("deployment_add_camera", deployment.pk), {"name": "North"})
    client.post(page("deployment_add_entry", deployment.pk), {"subject": subject.pk})
    membership = deployment.memberships.get(user=cast.olga)
    entry = deployment.entries.get()
    assert (membership.role, deployment.cameras.get().name, entry.subject) == (Role.OPERATOR, "North", subject)
    shown = client.get(page("deployment_change", deployment.pk)).content.decode()
    assert page("member_remove", membership.pk) in shown
    assert page("entry_remove", entry.pk) in shown
    client.post(page("member_remove", membership.pk))
    client.post(page("entry_remove", entry.pk), {"reason": "Arrested yesterday."})
    entry.refresh_from_db()
    assert entry.removed_at is not None
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_a_cameras_name_is_mended_in_a_draft_and_then_stays(cast: Cast) -> None:
    client, draft, live = browser(cast.sam), make_draft(cast), make_live(cast)
    camera = draft.cameras.get()
    rename, remove = page("camera_rename", camera.pk), page("camera_remove", camera.pk)
    shown = client.get(page("deployment_change", draft.pk)).content.decode()
    assert f'<a href="{rename}">Rename</a> <a href="{remove}">Remove</a>' in shown
    assert 'value="North"' in client.get(rename).content.decode()
    client.post(rename, {"name": "North gate"})
    assert draft.cameras.get().name == "North gate"
    assert browser(cast.ada).post(remove).status_code == 403
    assert client.post(remove)["Location"] == page("deployment_change", draft.pk)
    assert not draft.cameras.exists()
    kept = live.cameras.get()
    assert page("camera_rename", kept.pk) not in client.get(page("deployment_change", live.pk)).content.decode()
    assert "part of what is approved" in client.post(page("camera_remove", kept.pk)).content.decode()


def test_the_separation_of_duties_is_told_in_the_form(cast: Cast) -> None:
    deployment = make_draft(cast)
    Appointment.objects.create(user=cast.olga, role=Role.AUTHORISER)
    both = {"user": cast.olga.pk, "role": "authoriser"}
    response = browser(cast.sam).post(page("deployment_add_member", deployment.pk), both)
    assert response.status_code == 200
    assert "is or was operator here and cannot be authoriser" in response.content.decode()


def test_an_authoriser_approves_what_the_page_says(cast: Cast) -> None:
    deployment = make_draft(cast)
    client = browser(cast.ada)
    assert "deployments to approve" in client.get(reverse("admin:index")).content.decode()
    shown = client.get(page("deployment_approve", deployment.pk)).content.decode()
    assert "Forty thefts" in shown
    assert "No false alerts: the list is empty" in shown
    for said in ("North", "Operator: Olga (olga)", "unanswered for 60 s", "within 60 s of a sighting"):
        assert said in shown
    submit(client, page("deployment_approve", deployment.pk), {})
    deployment.refresh_from_db()
    assert (deployment.state, deployment.approved_by) == (DeploymentState.APPROVED, cast.ada)


def test_whoever_approves_a_list_reads_who_is_on_it_and_that_is_on_the_record(cast: Cast) -> None:
    deployment = make_draft(cast, categories=["wanted", "missing"])
    for name, category in (("Zoe Zed", "wanted"), ("Abe Abel", "wanted"), ("Mia Missing", "missing")):
        subject = make_listed_subject(cast, name=name, record_number=name[:3], category=category)
        list_add(actor=cast.sam, deployment=deployment, subject=subject)
    list_remove(actor=cast.sam, entry=deployment.entries.get(subject__name="Zoe Zed"), reason="Arrested.")
    shown = browser(cast.ada).get(page("deployment_approve", deployment.pk)).content.decode()
    assert "Wanted by the courts, 1: Abe Abel (Abe)<" in shown
    assert "Missing and at increased risk, 1: Mia Missing (Mia)<" in shown
    look = AuditEntry.objects.get(action="record.viewed", actor=str(cast.ada.pk))
    assert json.loads(look.body)["facts"] == {"what": "list", "id": str(deployment.pk), "purpose": "admin page"}


def test_what_was_changed_since_it_was_read_is_shown_anew_not_approved(cast: Cast) -> None:
    deployment = make_draft(cast)
    client = browser(cast.ada)
    url = page("deployment_approve", deployment.pk)
    read = hidden_in(client.get(url))
    deployment_update(actor=cast.sam, deployment=deployment, one_in=2000)
    refused = client.post(url, read)
    deployment.refresh_from_db()
    assert deployment.state == DeploymentState.DRAFT
    assert "changed since you read it" in refused.content.decode()
    client.post(url, hidden_in(refused))  # the page that says so shows the terms as they are now
    deployment.refresh_from_db()
    assert deployment.state == DeploymentState.APPROVED


def test_nothing_is_approved_by_a_form_that_was_not_read(cast: Cast) -> None:
    deployment = make_draft(cast)
    browser(cast.ada).post(page("deployment_approve", deployment.pk))
    deployment.refresh_from_db()
    assert deployment.state == DeploymentState.DRAFT


@pytest.mark.parametrize("name", ["sam", "audrey", "adam"])
def test_nobody_else_approves(name: str, cast: Cast) -> None:
    deployment = make_draft(cast)
    client = browser(getattr(cast, name))
    assert client.post(page("deployment_approve", deployment.pk)).status_code == 403
    deployment.refresh_from_db()
    assert deployment.state == DeploymentState.DRAFT
    shown = client.get(page("deployment_change", deployment.pk)).content.decode()
    assert page("deployment_approve", deployment.pk) not in shown


@pytest.mark.parametrize("name", ["ada", "audrey", "adam"])
def test_only_the_steward_staffs_and_lists(name: str, cast: Cast) -> None:
    deployment = make_draft(cast)
    client = browser(getattr(cast, name))
    for verb in ("add_member", "add_camera", "add_entry"):
        assert client.get(page(f"deployment_{verb}", deployment.pk)).status_code == 403
    shown = client.get(page("deployment_change", deployment.pk)).content.decode()
    assert "/remove/" not in shown


def test_a_deployment_is_closed_with_a_reason(cast: Cast) -> None:
    deployment = make_live(cast)
    client = browser(cast.ada)
    assert client.post(page("deployment_close", deployment.pk), {"reason": ""}).status_code == 200
    client.post(page("deployment_close", deployment.pk), {"reason": "The event was called off."})
    deployment.refresh_from_db()
    assert deployment.state in (DeploymentState.CLOSED, DeploymentState.DESTROYED)


def test_what_ends_a_deployment_and_what_leads_back_are_told_apart(cast: Cast) -> None:
    deployment = make_live(cast)
    content = browser(cast.adam).get(page("deployment_change", deployment.pk)).content.decode()
    links = {words.strip(): url for url, words in re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', content)}
    assert links["Close for good…"] == page("deployment_close", deployment.pk)
    assert links["Back to the list"] == page("deployment_changelist")
    assert "Close" not in links


def test_the_record_can_be_searched(cast: Cast) -> None:
    deployment = make_draft(cast)
    client = browser(cast.audrey)
    found = client.get(page("auditentry_changelist"), {"q": str(deployment.pk)}).context["cl"].result_list
    assert {entry.deployment for entry in found} == {deployment.pk}
    assert "deployment.applied" in {entry.action for entry in found}
    assert {entry.username for entry in found} == {"sam"}
