"""A page of the admin leads only where its reader may go, and what is refused leaves one line in the log."""

import logging
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, browser, make_alert, make_draft, make_listed_subject, make_live, make_reference
from watchlist.models import Answer, Deployment
from watchlist.services.decisions import alert_decide
from watchlist.services.lists import list_add
from watchlist.services.stops import stop_start


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


@pytest.fixture
def deployment(cast: Cast) -> Deployment:
    return make_live(cast, make_listed_subject(cast, name="Somebody Sought"))


def links(client: Client, url: str) -> set[str]:
    return set(re.findall(r'href="(/admin/watchlist/[^"#?]*/change/)"', client.get(url).content.decode()))


@pytest.mark.parametrize("name", ["ada", "sam", "audrey", "adam"])
def test_every_link_of_a_deployments_page_opens(name: str, cast: Cast, deployment: Deployment) -> None:
    draft = make_draft(cast)
    list_add(actor=cast.sam, deployment=draft, subject=deployment.entries.get().subject)
    client = browser(getattr(cast, name))
    for shown in (deployment, draft):
        for url in links(client, page("deployment_change", shown.pk)):
            assert client.get(url).status_code == 200, url


def test_who_may_open_an_account_or_a_person_sought_is_led_there(cast: Cast, deployment: Deployment) -> None:
    url = page("deployment_change", deployment.pk)
    subject = page("subject_change", deployment.entries.get().subject_id)
    assert subject in links(browser(cast.sam), url)
    assert page("user_change", cast.olga.pk) in links(browser(cast.adam), url)
    assert "Somebody Sought" in browser(cast.ada).get(url).content.decode(), "Named, without a link."
    assert "olga" in browser(cast.ada).get(url).content.decode()


def test_every_link_of_the_record_opens(cast: Cast, deployment: Deployment) -> None:
    alert = make_alert(deployment)
    decision = alert_decide(actor=cast.olga, alert=alert, answer=Answer.SAME, reason="The scar.", now=alert.raised_at)
    alert.refresh_from_db()
    stop = stop_start(actor=cast.finn, deployment=deployment, alert=alert, grounds=["alert"], now=alert.raised_at)
    reference = make_reference(cast, alert.subject)
    client = browser(cast.audrey)
    for shown in (alert, decision, stop, reference):
        for url in links(client, page(f"{shown._meta.model_name}_change", shown.pk)):
            assert client.get(url).status_code == 200, url


def test_a_refusal_is_one_line_of_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    url = page("user_change", cast.olga.pk)
    assert browser(cast.sam).get(url).status_code == 403
    (line,) = [record for record in caplog.records if record.name == "django.request"]
    assert (line.levelno, line.getMessage()) == (logging.WARNING, f"Forbidden (Permission denied): {url}")
    assert logging.Formatter().format(line) == line.getMessage()
