"""What kept an officer's form from being taken comes first on the page, where a phone shows it and the focus is."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, make_alert, make_live
from watchlist.models import Alert, Stop
from watchlist.services.decisions import alert_decide

TOLD = re.compile(r"<div [^>]*autofocus data-not-taken>.*?</ul>", re.DOTALL)


@pytest.fixture
def confirmed(cast: Cast) -> Alert:
    alert = make_alert(make_live(cast))
    alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The ears agree.", now=timezone.now())
    return alert


@pytest.fixture
def finn(client: Client, cast: Cast) -> Client:
    client.force_login(cast.finn)
    return client


def start(finn: Client, alert: Alert, *grounds: str, on_alert: bool = True) -> Any:
    named = {"alert": str(alert.pk)} if on_alert else {}
    return finn.post(reverse("stop-start", args=[alert.deployment_id]), {"grounds": grounds, **named})


def told(response: Any, before: str) -> list[tuple[str, str]]:
    """Place and sentence of each thing that is wrong, from where a phone shows it first: with the focus, above all."""
    shown = response.content.decode()
    summary = TOLD.search(shown)
    assert summary is not None
    assert 0 < summary.start() < shown.index(before)
    lines: list[tuple[str, str]] = re.findall(r'<li>(?:<a href="#([\w-]+)">)?([^<]+)', summary[0])
    assert all(f'id="{place}"' in shown for place, _ in lines if place)
    return lines


@pytest.mark.parametrize(("on_alert", "place"), [(True, "alert-grounds"), (False, "bare-grounds")])
def test_why_no_stop_was_started_comes_first_on_the_page(
    finn: Client, confirmed: Alert, on_alert: bool, place: str
) -> None:
    nothing = told(start(finn, confirmed, on_alert=on_alert), "<article>")
    [(_, covered)] = told(start(finn, confirmed, "covered_face", on_alert=on_alert), "<article>")

    assert nothing == [(place, "Choose the grounds of the stop.")]
    assert "no ground for a stop by itself" in covered
    assert "data-not-taken" not in finn.get(reverse("officer", args=[confirmed.deployment_id])).content.decode()


def test_why_no_stop_was_ended_comes_first_on_the_page(finn: Client, confirmed: Alert) -> None:
    start(finn, confirmed, "alert")
    response = finn.post(reverse("stop-end", args=[Stop.objects.get().pk]), {"minutes": "soon"})

    assert [place for place, _ in told(response, "Stop running")] == [
        "end-identity_check",
        "end-outcome",
        "end-minutes",
    ]
