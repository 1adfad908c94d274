"""Every role at every page of the admin: what they see, and what is refused."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import (
    Cast,
    browser,
    make_alert,
    make_draft,
    make_listed_subject,
    make_live,
    make_pending,
    make_reference,
    make_subject,
)
from watchlist.models import Answer, AuditEntry, Resemblance, Role
from watchlist.services.decisions import alert_decide
from watchlist.services.lists import list_add
from watchlist.services.references import Resembling
from watchlist.services.staffing import member_add
from watchlist.services.stops import stop_start
from watchlist.services.users import appointment_add

MODELS = (
    "subject",
    "referenceimage",
    "resemblance",
    "deployment",
    "alert",
    "decision",
    "stop",
    "auditentry",
    "user",
)

SEES = {
    "ada": {"deployment"},
    "sam": {"subject", "referenceimage", "resemblance", "deployment"},
    "audrey": {"subject", "referenceimage", "resemblance", "deployment", "alert", "decision", "stop", "auditentry"},
    "adam": {"user", "deployment"},
}
ADDS = {"sam": {"subject", "deployment"}, "adam": {"user"}}
CHANGES = {"sam": {"subject", "deployment"}, "adam": {"user"}}
OUTSIDE = ("olga", "omar", "finn", "nell")


@pytest.fixture
def objects(cast: Cast) -> dict[str, Any]:
    """One object of each kind, all at a deployment where the whole cast works."""
    subject = make_subject(cast)
    listed = make_reference(cast, subject)
    twin = make_reference(
        cast, make_subject(cast), resemblances=[Resembling(listed.pk, Resemblance.Kind.SAME_FACE, 0.97)]
    )
    deployment = make_live(cast, subject)
    alert = make_alert(deployment)
    decision = alert_decide(
        actor=cast.olga, alert=alert, answer=Answer.SAME, reason="The scar over the left eye.", now=timezone.now()
    )
    alert.refresh_from_db()
    return {
        "subject": subject,
        "referenceimage": listed,
        "resemblance": Resemblance.objects.get(reference=twin),
        "deployment": make_draft(cast),
        "alert": alert,
        "decision": decision,
        "stop": stop_start(actor=cast.finn, deployment=deployment, alert=alert, grounds=["alert"], now=timezone.now()),
        "auditentry": AuditEntry.objects.latest("seq"),
        "user": cast.nell,
    }


def object_args(verb: str, obj: Any) -> list[Any]:
    return [] if verb == "changelist" else [obj.pk]


def rows(obj: Any) -> list[dict[str, Any]]:
    return list(type(obj).objects.filter(pk=obj.pk).values())


def page(model: str, verb: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{model}_{verb}", args=args)


@pytest.mark.parametrize("name", SEES)
@pytest.mark.parametrize("verb", ["changelist", "change", "history"])
def test_a_role_sees_its_models_and_no_others(name: str, verb: str, cast: Cast, objects: dict[str, Any]) -> None:
    client = browser(getattr(cast, name))
    answers = {model: client.get(page(model, verb, *object_args(verb, objects[model]))).status_code for model in MODELS}
    assert answers == {model: 200 if model in SEES[name] else 403 for model in MODELS}


@pytest.mark.parametrize("name", SEES)
def test_a_role_adds_only_what_it_keeps(name: str, cast: Cast) -> None:
    client = browser(getattr(cast, name))
    answers = {model: client.get(page(model, "add")).status_code for model in MODELS}
    assert answers == {model: 200 if model in ADDS.get(name, ()) else 403 for model in MODELS}


@pytest.mark.parametrize("name", SEES)
def test_a_role_changes_only_what_it_keeps(name: str, cast: Cast, objects: dict[str, Any]) -> None:
    """An incomplete form: 200 shows it again to whoever may fill it in, and nothing is changed either way."""
    client = browser(getattr(cast, name))
    before = {model: rows(objects[model]) for model in MODELS}
    answers = {
        model: client.post(page(model, "change", objects[model].pk), {"time_zone": "Mars"}).status_code
        for model in MODELS
    }
    assert answers == {model: 200 if model in CHANGES.get(name, ()) else 403 for model in MODELS}
    assert {model: rows(objects[model]) for model in MODELS} == before


@pytest.mark.parametrize("name", SEES)
def test_nobody_deletes_anything(name: str, cast: Cast, objects: dict[str, Any]) -> None:
    client = browser(getattr(cast, name))
    for model in MODELS:
        assert client.post(page(model, "delete", objects[model].pk), {"post": "yes"}).status_code == 403
        bulk = {"action": "delete_selected", "_selected_action": [objects[model].pk], "post": "yes"}
        client.post(page(model, "changelist"), bulk)
        assert rows(objects[model])


@pytest.mark.parametrize("name", SEES)
def test_lists_offer_no_bulk_action(name: str, cast: Cast, objects: dict[str, Any]) -> None:
    for model in SEES[name]:
        assert b'name="action"' not in browser(getattr(cast, name)).get(page(model, "changelist")).content


@pytest.mark.parametrize("name", OUTSIDE)
def test_other_roles_are_sent_to_the_sign_in_page(name: str, cast: Cast, objects: dict[str, Any]) -> None:
    client = browser(getattr(cast, name))
    for model in MODELS:
        for verb in ("changelist", "change"):
            response = client.get(page(model, verb, *object_args(verb, objects[model])))
            assert response.status_code == 302
            assert "/login/" in response["Location"]


@pytest.mark.parametrize("name", SEES)
def test_the_sidebar_leads_exactly_where_the_role_may_go(name: str, cast: Cast) -> None:
    content = browser(getattr(cast, name)).get(reverse("admin:index")).content.decode()
    assert {model for model in MODELS if f'href="{page(model, "changelist")}"' in content} == SEES[name]


def test_a_steward_knows_only_of_deployments_they_work_at(cast: Cast) -> None:
    make_draft(cast, name="Known")
    other = make_draft(cast, name="Unknown")
    other.memberships.filter(user=cast.sam).delete()
    client: Client = browser(cast.sam)
    listing = client.get(page("deployment", "changelist")).content.decode()
    assert "Known" in listing
    assert "Unknown" not in listing
    assert client.get(page("deployment", "change", other.pk)).status_code == 302


LOOKS = {
    "ada": {"list"},
    "sam": {"list"},
    "audrey": {"list", "alert", "decision", "stop"},
    "adam": set[str](),
}


@pytest.mark.parametrize("name", SEES)
def test_a_look_at_what_names_people_is_recorded(name: str, cast: Cast, objects: dict[str, Any]) -> None:
    client = browser(getattr(cast, name))
    for model in ("deployment", "alert", "decision", "stop"):
        client.get(page(model, "change", objects[model].pk))
    looks = AuditEntry.objects.filter(action="record.viewed", actor=str(getattr(cast, name).pk))
    assert {json.loads(entry.body)["facts"]["what"] for entry in looks} == LOOKS[name]


def test_what_a_person_is_elsewhere_shows_no_list_here(cast: Cast) -> None:
    """Olga operates here; elsewhere she authorises, and that opens the admin to her."""
    subject = make_listed_subject(cast)
    here, elsewhere = make_live(cast, subject), make_draft(cast)
    elsewhere.memberships.filter(user=cast.olga).delete()
    appointment_add(actor=cast.adam, user=cast.olga, role=Role.AUTHORISER)
    member_add(actor=cast.sam, deployment=elsewhere, user=cast.olga, role=Role.AUTHORISER)
    list_add(actor=cast.sam, deployment=elsewhere, subject=subject)
    olga = browser(cast.olga)
    assert subject.name not in olga.get(page("deployment", "change", here.pk)).content.decode()
    assert not AuditEntry.objects.filter(action="record.viewed").exists()
    assert subject.name in olga.get(page("deployment", "change", elsewhere.pk)).content.decode()
    assert AuditEntry.objects.get(action="record.viewed").deployment == elsewhere.pk


def test_pending_images_have_no_picture_to_show(cast: Cast) -> None:
    reference = make_pending(cast, make_subject(cast))
    for which in ("image", "portrait", "template"):
        assert browser(cast.sam).get(page("referenceimage", "picture", reference.pk, which)).status_code == 404
