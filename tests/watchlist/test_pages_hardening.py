"""What every page promises a browser: no inline script or style, a strict policy, nothing kept in a cache."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, make_alert, make_live
from watchlist.models import Alert, AuditEntry

PAGES = ["home", "deployment", "camera", "operator", "officer", "audit", "audit-entry", "password", "login", "missing"]
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|=.javascript:", re.IGNORECASE)
WHO = {"officer": "finn", "audit": "audrey", "audit-entry": "audrey"}


@pytest.fixture
def alert(cast: Cast) -> Alert:
    return make_alert(make_live(cast))


@pytest.fixture(params=PAGES)
def answer(request: pytest.FixtureRequest, client: Client, cast: Cast, alert: Alert) -> Any:
    page = request.param
    if page == "missing":
        client.force_login(cast.olga)
        return client.get("/no/such/page/")
    arguments = {
        "home": [],
        "audit": [],
        "password": [],
        "login": [],
        "audit-entry": [AuditEntry.objects.order_by("-seq").values_list("seq", flat=True)[0]],
    }
    if page != "login":
        client.force_login(getattr(cast, WHO.get(page, "olga")))
    return client.get(reverse(page, args=arguments.get(page, [alert.deployment_id])))


def test_there_is_nothing_inline(answer: Any) -> None:
    assert INLINE.findall(answer.content.decode()) == []


def test_the_policy_is_strict(answer: Any) -> None:
    policy = answer["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_nothing_is_kept(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    urls = [
        reverse("home"),
        reverse("operator", args=[alert.deployment_id]),
        reverse("alert-picture", args=[alert.pk, "probe"]),
        reverse("operator-queue", args=[alert.deployment_id]),
    ]

    assert all("no-store" in client.get(url)["Cache-Control"] for url in urls)


def test_acts_are_refused_without_the_forms_token(cast: Cast, alert: Alert) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.olga)

    response = client.post(reverse("alert-decide", args=[alert.pk]), {"answer": "same", "words": "Ears agree."})

    alert.refresh_from_db()
    assert (response.status_code, alert.state) == (403, "open")
    assert "send the form again" in response.content.decode()


def test_a_refusal_is_a_page_for_people_and_json_for_scripts(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.finn)
    url = reverse("operator", args=[alert.deployment_id])
    page, fragment = client.get(url), client.get(url, headers={"X-Requested-With": "fetch"})

    assert page.status_code == fragment.status_code == 403
    assert fragment.json()["code"] == "not_allowed"
    assert fragment.json()["message"] in page.content.decode()
