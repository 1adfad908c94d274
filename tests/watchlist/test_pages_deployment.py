"""The deployment page: its authority in words, and the steps that state and role allow."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from recognition.packs.calibration import shipped
from tests.cast import PACK, Cast, make_draft, make_listed_subject, make_live
from watchlist.models import Deployment, DeploymentState
from watchlist.services.deployments import deployment_update
from watchlist.services.lists import list_add


def steps(client: Client, deployment: Deployment) -> list[str]:
    shown = client.get(reverse("deployment", args=[deployment.pk])).content.decode()
    return [verb for verb in ("approve", "start", "pause", "resume", "close") if f"/steps/{verb}/" in shown]


def take(client: Client, deployment: Deployment, verb: str, **fields: str):  # type: ignore[no-untyped-def]
    url = reverse("deployment-step", args=[deployment.pk, verb])
    response = client.post(url, fields, follow=True)
    deployment.refresh_from_db()
    return response


@pytest.mark.parametrize(
    ("name", "draft", "live"),
    [
        ("ada", ["approve", "close"], ["close"]),
        ("sam", [], []),
        ("olga", ["close"], ["pause", "close"]),
        ("finn", [], []),
        ("audrey", [], []),
        ("adam", ["close"], ["close"]),
    ],
)
def test_each_role_has_its_own_steps(client: Client, cast: Cast, name: str, draft: list[str], live: list[str]) -> None:
    client.force_login(getattr(cast, name))

    assert steps(client, make_draft(cast)) == draft
    assert steps(client, make_live(cast)) == live


def test_a_deployments_life_on_its_page(client: Client, cast: Cast) -> None:
    deployment = make_draft(cast)
    list_add(actor=cast.sam, deployment=deployment, subject=make_listed_subject(cast))
    taken = []
    for person, verb in [
        (cast.ada, "approve"),
        (cast.olga, "start"),
        (cast.olga, "pause"),
        (cast.olga, "resume"),
        (cast.olga, "close"),
    ]:
        client.force_login(person)
        take(client, deployment, verb, reason="Rain.", terms=_terms_shown(client, deployment))
        taken.append(deployment.state)

    assert taken == ["approved", "live", "paused", "live", "closed"]


def test_nobody_approves_other_terms_than_they_read(client: Client, cast: Cast) -> None:
    deployment = make_draft(cast)
    list_add(actor=cast.sam, deployment=deployment, subject=make_listed_subject(cast))
    client.force_login(cast.ada)
    read = _terms_shown(client, deployment)
    deployment_update(actor=cast.sam, deployment=deployment, one_in=2000)
    response = take(client, deployment, "approve", terms=read)

    assert deployment.state == DeploymentState.DRAFT
    assert "read it again" in response.content.decode()


def test_a_step_out_of_turn_is_answered_with_a_sentence(client: Client, cast: Cast) -> None:
    deployment = make_live(cast)
    client.force_login(cast.olga)
    response = take(client, deployment, "resume")

    assert deployment.state == DeploymentState.LIVE
    assert 'class="notice grave"' in response.content.decode()


@pytest.mark.parametrize(("name", "told"), [("ada", True), ("sam", True), ("audrey", True), ("olga", False)])
def test_how_many_of_each_category_and_the_way_to_their_names_for_whoever_may_see_the_list(
    client: Client, cast: Cast, name: str, told: bool
) -> None:
    deployment = make_live(cast, make_listed_subject(cast, name="Somebody Sought"))
    client.force_login(getattr(cast, name))
    shown = client.get(reverse("deployment", args=[deployment.pk])).content.decode()
    assert ("Wanted by the courts: 1" in shown) == told
    assert (f"{reverse('admin:watchlist_deployment_change', args=[deployment.pk])}#entries-group" in shown) == told
    assert "Somebody Sought" not in shown


def test_a_pause_needs_a_reason(client: Client, cast: Cast) -> None:
    deployment = make_live(cast)
    client.force_login(cast.olga)
    response = take(client, deployment, "pause", reason=" ")

    assert deployment.state == DeploymentState.LIVE
    assert "Say why the deployment is paused." in response.content.decode()


def test_no_reason_for_a_pause_is_chosen_before_a_person_has(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga)
    shown = client.get(reverse("deployment-run", args=[make_live(cast).pk])).content.decode()
    assert re.search(r'<select [^>]*required>\s*<option value="">Choose why it is paused</option>', shown)


def test_a_page_at_work_takes_a_step_without_leaving(client: Client, cast: Cast) -> None:
    deployment = make_live(cast)
    client.force_login(cast.olga)
    url = reverse("deployment-step", args=[deployment.pk, "pause"])
    fetch = {"X-Requested-With": "fetch"}
    refused = client.post(url, {"reason": ""}, headers=fetch)
    taken = client.post(url, {"reason": "Rain."}, headers=fetch)
    offered = client.get(reverse("deployment-run", args=[deployment.pk]), headers=fetch)

    assert (refused.status_code, refused.json()["message"]) == (400, "Say why the deployment is paused.")
    assert taken.status_code == 204
    assert "/steps/resume/" in offered.content.decode()


def test_a_step_leads_back_to_our_own_pages_only(client: Client, cast: Cast) -> None:
    deployment = make_live(cast)
    client.force_login(cast.olga)
    url = reverse("deployment-step", args=[deployment.pk, "pause"])
    elsewhere = client.post(url, {"reason": "Rain.", "back": "https://elsewhere.example/"})

    assert elsewhere["Location"] == reverse("deployment", args=[deployment.pk])


def test_the_threshold_is_said_as_false_alerts(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    live, measured = make_live(cast), shipped(PACK)
    shown = client.get(reverse("deployment", args=[live.pk])).content.decode()

    assert re.search(
        r"one false alert in 1,\d00 faces, about [45]\.\d at this footfall \(5,000 faces\), and about \d+\s% of listed",
        shown,
    )
    assert f"Promised: at most one false alert in 1,000 faces. Threshold {live.threshold:.4f}, " in shown
    assert "worked out for 1 template, which is one for each listed image, and one more for each person with" in shown
    assert f"Calibration: {escape(measured.source)}, {measured.date:%-d %B %Y}." in shown


def _terms_shown(client: Client, deployment: Deployment) -> str:
    """What the approve form carries, so that nobody approves other terms than they read."""
    return client.get(reverse("deployment", args=[deployment.pk])).context["terms"]
