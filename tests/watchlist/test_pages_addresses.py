"""Every address answers whoever asks for it: what takes forms alone leads to its page, for those who may open that."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.cast import Cast, camera_of, make_alert, make_listed_subject, make_live, make_staff
from watchlist.models import Alert, Kind, Passage, Stop, Subject
from watchlist.services.decisions import alert_decide
from watchlist.services.passages import passage_note
from watchlist.services.stops import stop_end, stop_start

# Where an address that takes forms leads whoever asks for it; every other one shows something itself.
LEADS = {
    "logout": "/",
    "deployment-step": "/deployments/{deployment}/",
    "alert-decide": "/deployments/{deployment}/operator/?alert={alert}",
    "stop-start": "/deployments/{deployment}/officer/",
    "passage-note": "/deployments/{deployment}/passages/",
    "passage-correct": "/passages/{passage}/",
    "passage-strike": "/passages/{passage}/",
    "stop-end": "/deployments/{deployment}/officer/?stop={stop}",
}
WHO = {"stop-start": "finn", "stop-end": "finn", "officer": "finn", "officer-confirmed": "finn"}
ARGUMENTS = {"verb": "pause", "which": "probe", "seq": 1}
OF_A_PASSAGE = ("passage", "passage-correct", "passage-strike")
ADMIN_OR_API = ("admin/", "api/v1/")


def patterns(under: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Each pattern with its route, except those of the admin and of the API, which answer in their own ways."""
    for each in (under or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if route.startswith(ADMIN_OR_API):
            continue
        if isinstance(each, URLResolver):
            yield from patterns(each, route)
        else:
            yield route, each


NAMES = sorted(str(pattern.name) for route, pattern in patterns() if pattern.name)


@pytest.fixture
def alert(cast: Cast) -> Alert:
    found = make_alert(make_live(cast, make_listed_subject(cast), make_staff(cast), seeded_staff=True))
    alert_decide(actor=cast.olga, alert=found, answer="same", reason="The ears agree.", now=timezone.now())
    return found


@pytest.fixture(autouse=True)
def passage(cast: Cast, alert: Alert) -> Passage:
    live = alert.deployment
    staff = Subject.objects.get(kind=Kind.STAFF)
    return passage_note(actor=cast.olga, deployment=live, camera=camera_of(live), subject=staff, now=timezone.now())


@pytest.fixture
def stop(cast: Cast, alert: Alert) -> Stop:
    deployment = alert.deployment
    return stop_start(actor=cast.finn, deployment=deployment, alert=alert, grounds=["alert"], now=timezone.now())


def address(name: str, alert: Alert, stop: Stop) -> str:
    [pattern] = [pattern for _, pattern in patterns() if pattern.name == name]
    pk = alert.deployment_id
    if name.startswith("stop-end"):
        pk = stop.pk
    elif name.startswith("alert-"):
        pk = alert.pk
    elif name in OF_A_PASSAGE:
        pk = Passage.objects.get().pk
    wanted = pattern.pattern.converters
    return reverse(name, kwargs={key: value for key, value in (ARGUMENTS | {"pk": pk}).items() if key in wanted})


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("name", NAMES)
def test_none_is_for_forms_alone(client: Client, cast: Cast, alert: Alert, stop: Stop, name: str, method: str) -> None:
    client.force_login(getattr(cast, WHO.get(name, "olga")))
    response = getattr(client, method)(address(name, alert, stop))
    passage = Passage.objects.get().pk
    ids = {"deployment": alert.deployment_id, "alert": alert.pk, "stop": stop.pk, "passage": passage}

    if name in LEADS:
        assert (response.status_code, response["Location"]) == (302, LEADS[name].format(**ids))
    else:
        assert response.status_code != 405


@pytest.mark.parametrize("name", [name for name in LEADS if name != "logout"])
def test_it_leads_nobody_to_what_they_may_not_know_of(
    client: Client, cast: Cast, alert: Alert, stop: Stop, name: str
) -> None:
    url = address(name, alert, stop)
    unknown = client.get(url)
    client.force_login(cast.nell)

    assert unknown["Location"] == f"{reverse('login')}?next={url}"
    assert client.get(url).status_code == 404


def test_once_it_is_ended_a_stop_leads_to_its_page(client: Client, cast: Cast, alert: Alert, stop: Stop) -> None:
    stop_end(actor=cast.finn, stop=stop, identity_check="document", outcome="no_action", note="", now=timezone.now())
    client.force_login(cast.finn)
    url = reverse("stop-end", args=[stop.pk])
    served = client.get(url)
    cast.finn.appointments.all().delete()

    assert served["Location"] == reverse("officer", args=[alert.deployment_id])
    assert client.get(url)["Location"] == reverse("home")


@pytest.mark.parametrize("name", ["logout", "admin:logout"])
def test_a_link_signs_nobody_out(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.finn)
    client.get(reverse(name))
    before = get_user(client).is_authenticated
    client.post(reverse(name))

    assert (before, get_user(client).is_authenticated) == (True, False)


@pytest.mark.parametrize("name", [*LEADS, "home", "officer"])
def test_another_method_is_refused_with_a_sentence(
    client: Client, cast: Cast, alert: Alert, stop: Stop, name: str
) -> None:
    client.force_login(cast.finn)
    url = address(name, alert, stop)
    response = client.generic("TRACE", url)
    scripted = client.generic("TRACE", url, headers={"X-Requested-With": "fetch"})

    assert (response.status_code, "TRACE" in response["Allow"]) == (405, False)
    assert "start from there" in response.content.decode()
    assert (scripted.status_code, scripted.json()["code"]) == (405, "method_not_allowed")


def test_a_page_that_came_in_answer_to_a_form_says_so(client: Client, alert: Alert, cast: Cast) -> None:
    client.force_login(cast.finn)
    url = reverse("stop-start", args=[alert.deployment_id])

    assert "data-in-answer" in client.post(url).content.decode()
    assert "data-in-answer" not in client.get(url, follow=True).content.decode()
