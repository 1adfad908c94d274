"""The emergency stop at the end of the bar: on every page of a deployment, one press, for whoever may."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, make_alert, make_draft, make_live
from watchlist.models import AuditEntry, Deployment, DeploymentState
from watchlist.services.deployments import deployment_pause

BAR = re.compile(r'<header class="bar".*?</header>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
PRESS, LEAD = "Stop all cameras", "#reason-close"


def bar(client: Client, url: str) -> str:
    """What the bar of the page at `url` holds."""
    found = BAR.search(client.get(url).content.decode())
    assert found is not None, f"{url} has no bar."
    return found[0]


def offered(text: str) -> list[str]:
    return [what for what in (PRESS, LEAD) if what in text]


@pytest.mark.parametrize("page", ["deployment", "camera", "operator"])
def test_it_stands_on_every_page_of_the_operator(client: Client, cast: Cast, page: str) -> None:
    deployment = make_live(cast)
    client.force_login(cast.olga)
    shown = bar(client, reverse(page, args=[deployment.pk]))

    assert offered(shown) == [PRESS]
    assert shown.index(PRESS) > shown.index("data-clock")  # nothing comes after it


@pytest.mark.parametrize(
    ("name", "page", "what"),
    [
        ("ada", "deployment", [LEAD]),
        ("adam", "deployment", [LEAD]),
        ("sam", "deployment", []),
        ("finn", "officer", []),
        ("audrey", "operator", []),
    ],
)
def test_who_may_only_close_is_led_to_it_and_others_have_none(
    client: Client, cast: Cast, name: str, page: str, what: list[str]
) -> None:
    client.force_login(getattr(cast, name))
    deployment = make_live(cast)

    assert offered(bar(client, reverse(page, args=[deployment.pk]))) == what
    if what:
        assert 'id="reason-close"' in client.get(reverse("deployment", args=[deployment.pk])).content.decode()


def test_it_is_gone_where_no_camera_is_watched(client: Client, cast: Cast) -> None:
    paused = make_live(cast)
    deployment_pause(actor=cast.olga, deployment=paused, reason="Rain.")
    for person in (cast.olga, cast.ada):
        client.force_login(person)
        for deployment in (make_draft(cast), paused):
            assert offered(bar(client, reverse("deployment", args=[deployment.pk]))) == []


def press(client: Client, deployment: Deployment, shown: str):  # type: ignore[no-untyped-def]
    """Sends the bar's form as a browser without scripts does."""
    fields = {name: unescape(value) for name, value in HIDDEN.findall(shown)}
    response = client.post(reverse("deployment-step", args=[deployment.pk, "pause"]), fields)
    deployment.refresh_from_db()
    return response


def test_one_press_pauses_and_the_same_page_says_so(cast: Cast) -> None:
    deployment = make_live(cast)
    alert = make_alert(deployment)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.olga)
    url = f"{reverse('operator', args=[deployment.pk])}?alert={alert.pk}"
    response = press(client, deployment, bar(client, url))
    shown = client.get(response["Location"]).content.decode()

    assert (deployment.state, response["Location"]) == (DeploymentState.PAUSED, url)
    assert "Paused: no frame is looked at until it is resumed." in shown
    assert "/steps/resume/" in shown
    assert AuditEntry.objects.get(action="deployment.paused").actor == str(cast.olga.pk)


def test_fetched_anew_the_bar_still_leads_back_to_its_page(client: Client, cast: Cast) -> None:
    deployment = make_live(cast)
    client.force_login(cast.olga)
    url = reverse("camera", args=[deployment.pk])
    fragment = re.search(r'data-fragment="([^"]*/bar/[^"]*)"', bar(client, url))
    assert fragment is not None
    shown = client.get(unescape(fragment[1]), headers={"X-Requested-With": "fetch"}).content.decode()

    assert press(client, deployment, shown)["Location"] == url


def test_a_page_that_came_in_answer_to_a_form_leads_to_the_deployment(client: Client, cast: Cast) -> None:
    """It cannot be asked for by its address."""
    deployment = make_live(cast)
    alert = make_alert(deployment)
    client.force_login(cast.olga)
    answered = client.post(reverse("alert-decide", args=[alert.pk]), {"answer": "same"}).content.decode()
    found = BAR.search(answered)
    assert found is not None

    assert press(client, deployment, found[0])["Location"] == reverse("deployment", args=[deployment.pk])
