"""Who stopped the cameras, when and why: said on every page of the deployment's people, until it is resumed."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, make_live
from watchlist.models import Deployment
from watchlist.services.deployments import (
    deployment_close,
    deployment_pause,
    deployment_resume,
    deployments_close_due,
)

PAGES = {"deployment": "sam", "camera": "omar", "operator": "omar", "officer": "finn", "deployment-halt": "ada"}
HALT = re.compile(r"<p><strong>(Paused|Closed)</strong> since (.*?)</p>", re.DOTALL)


@pytest.fixture
def live(cast: Cast) -> Deployment:
    return make_live(cast)


def said(client: Client, cast: Cast, live: Deployment) -> dict[str, Any]:
    """What each page says of a halt."""
    told = {}
    for page, name in PAGES.items():
        client.force_login(getattr(cast, name))
        shown = unescape(client.get(reverse(page, args=[live.pk])).content.decode())
        told[page] = " ".join(" ".join(found) for found in HALT.findall(shown))
    return told


def test_a_pause_says_who_when_and_why_to_everybody_there(client: Client, cast: Cast, live: Deployment) -> None:
    before = said(client, cast, live)
    deployment_pause(actor=cast.olga, deployment=live, reason="Emergency stop")
    assert live.halted_at is not None
    at = live.halted_at.astimezone(live.zone)
    paused = said(client, cast, live)
    deployment_resume(actor=cast.omar, deployment=live)

    assert set(before.values()) == {""}
    assert set(paused.values()) == {f"Paused {at:%H:%M:%S %Z}, {at.day} {at:%b} by Olga: Emergency stop"}
    assert set(said(client, cast, live).values()) == {""}


def test_a_close_says_so_too_whoever_or_whatever_closed_it(client: Client, cast: Cast, live: Deployment) -> None:
    other = make_live(cast)
    deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")
    deployment_close(actor=cast.ada, deployment=live, reason="The crowd is gone.")
    Deployment.objects.filter(pk=other.pk).update(ends_at=timezone.now())
    deployments_close_due(now=timezone.now())
    by_person, by_clock = said(client, cast, live), said(client, cast, other)
    page = client.get(reverse("deployment", args=[live.pk])).content.decode()

    assert all(re.fullmatch("Closed .* by Ada: The crowd is gone.", each) for each in by_person.values())
    assert all(
        re.fullmatch(r"Closed [^:]*:\d\d:\d\d \w+, \d+ \w+: Its window was over.", each) for each in by_clock.values()
    )
    assert ", Ada: The crowd is gone.</dd>" in page
