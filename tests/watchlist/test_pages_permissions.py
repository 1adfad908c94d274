"""Which page opens for whom: every page, every person of the cast, and people who have not signed in."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, make_alert, make_live
from watchlist.models import Alert
from watchlist.services.decisions import alert_decide

EVERYBODY = ["ada", "sam", "olga", "omar", "finn", "audrey", "adam"]

# Page, and who may open it; for everybody else of the deployment it is 403, for outsiders 404.
DEPLOYMENT_PAGES = {
    "deployment": EVERYBODY,
    "deployment-bar": EVERYBODY,
    "deployment-halt": EVERYBODY,
    "deployment-run": EVERYBODY,
    "camera": ["olga", "omar"],
    "camera-places": ["olga", "omar"],
    "camera-standing": ["olga", "omar"],
    "operator": ["olga", "omar", "audrey"],
    "operator-queue": ["olga", "omar", "audrey"],
    "operator-totals": ["olga", "omar", "audrey"],
    "recognition": EVERYBODY,
    "passages": ["olga", "omar", "audrey"],
    "passages-list": ["olga", "omar", "audrey"],
    "officer": ["finn"],
    "officer-confirmed": ["finn"],
}


@pytest.fixture
def alert(cast: Cast) -> Alert:
    return make_alert(make_live(cast))


def status(client: Client, cast: Cast, name: str, url: str) -> int:
    client.force_login(getattr(cast, name))
    return client.get(url).status_code


@pytest.mark.parametrize("page", DEPLOYMENT_PAGES)
def test_a_deployments_page_opens_for_its_roles_alone(client: Client, cast: Cast, alert: Alert, page: str) -> None:
    url = reverse(page, args=[alert.deployment_id])

    opened = [name for name in EVERYBODY if status(client, cast, name, url) == 200]

    assert opened == DEPLOYMENT_PAGES[page]
    assert status(client, cast, "nell", url) == 404


@pytest.mark.parametrize("page", [*DEPLOYMENT_PAGES, "alert-card"])
def test_whoever_has_not_signed_in_is_led_to_the_sign_in_page(client: Client, alert: Alert, page: str) -> None:
    pk = alert.pk if page == "alert-card" else alert.deployment_id

    response = client.get(reverse(page, args=[pk]))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("which", ["probe", "probe-portrait", "reference", "reference-portrait"])
def test_pictures_of_an_unconfirmed_alert_are_for_operators_and_auditors(
    client: Client, cast: Cast, alert: Alert, which: str
) -> None:
    url = reverse("alert-picture", args=[alert.pk, which])

    opened = [name for name in EVERYBODY if status(client, cast, name, url) == 200]

    assert opened == ["olga", "omar", "audrey"]


def test_the_officer_sees_pictures_once_the_alert_is_confirmed(client: Client, cast: Cast, alert: Alert) -> None:
    url = reverse("alert-picture", args=[alert.pk, "probe"])
    before = status(client, cast, "finn", url)
    alert_decide(actor=cast.olga, alert=alert, answer="same", reason="Ears agree.", now=alert.raised_at)

    assert (before, status(client, cast, "finn", url)) == (404, 200)


@pytest.mark.parametrize("page", ["audit", "audit-entry"])
def test_the_record_is_for_auditors(client: Client, cast: Cast, alert: Alert, page: str) -> None:
    url = reverse(page, args=[1] if page == "audit-entry" else [])

    assert [name for name in EVERYBODY if status(client, cast, name, url) == 200] == ["audrey"]


def test_home_lists_a_persons_own_deployments_alone(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    assert alert.deployment.name in client.get(reverse("home")).content.decode()
    client.force_login(cast.nell)
    nells = client.get(reverse("home")).content.decode()

    assert alert.deployment.name not in nells
    assert "You have no role yet" in nells
