"""The officer's page: confirmed alerts alone, a stop from start to end, and one without an alert."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, make_alert, make_listed_subject, make_live, make_user
from watchlist.models import Alert, Deployment, Role, Stop
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_close
from watchlist.services.staffing import member_add
from watchlist.services.stops import stop_start
from watchlist.services.users import appointment_add


@pytest.fixture
def alert(cast: Cast) -> Alert:
    subject = make_listed_subject(cast, name="Petra Example", instructions="Ask for the green document.")
    return make_alert(make_live(cast, subject))


@pytest.fixture
def confirmed(cast: Cast, alert: Alert) -> Alert:
    alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The ears agree.", now=timezone.now())
    return alert


@pytest.fixture
def finn(client: Client, cast: Cast) -> Client:
    client.force_login(cast.finn)
    return client


def page(finn: Client, alert: Alert) -> str:
    return finn.get(reverse("officer", args=[alert.deployment_id])).content.decode()


def start(finn: Client, alert: Alert, *grounds: str, on_alert: bool = True):  # type: ignore[no-untyped-def]
    named = {"alert": str(alert.pk)} if on_alert else {}
    return finn.post(reverse("stop-start", args=[alert.deployment_id]), {"grounds": grounds, **named})


def test_an_unconfirmed_alert_is_not_there(finn: Client, alert: Alert) -> None:
    shown = page(finn, alert)

    assert "data-nothing>No confirmed alert" in shown
    assert "Petra Example" not in shown


def test_a_confirmed_alert_is_there_with_what_to_check(finn: Client, confirmed: Alert) -> None:
    shown = page(finn, confirmed)

    assert "Petra Example" in shown
    assert "Ask for the green document." in shown
    assert "Start the stop" in shown


def test_a_stop_from_start_to_end(finn: Client, confirmed: Alert) -> None:
    start(finn, confirmed, "alert")
    stop = Stop.objects.get()
    running = page(finn, confirmed)
    finn.post(
        reverse("stop-end", args=[stop.pk]),
        {"identity_check": "document", "outcome": "no_action", "note": "Another person.", "minutes": ""},
    )
    stop.refresh_from_db()

    assert "Stop running" in running
    assert "data-stopwatch" in running
    assert (stop.state, stop.outcome, stop.minutes, stop.note) == ("ended", "no_action", 1, "Another person.")
    assert "1 min, no action" in page(finn, confirmed)


@pytest.mark.parametrize("grounds", [["covered_face"], ["avoided_camera"], ["covered_face", "avoided_camera"]])
@pytest.mark.parametrize("on_alert", [True, False])
def test_declining_to_be_seen_is_never_the_only_ground(
    finn: Client, confirmed: Alert, grounds: list[str], on_alert: bool
) -> None:
    response = start(finn, confirmed, *grounds, on_alert=on_alert)

    assert response.status_code == 400
    assert "no ground for a stop by itself" in response.content.decode().replace("&#x27;", "'")
    assert not Stop.objects.exists()


def test_a_stop_without_an_alert_is_marked_as_such(finn: Client, alert: Alert) -> None:
    start(finn, alert, "behaviour", on_alert=False)
    running = page(finn, alert)
    stop = Stop.objects.get()
    finn.post(reverse("stop-end", args=[stop.pk]), {"identity_check": "none", "outcome": "advice", "minutes": "4"})

    assert stop.alert is None
    assert "without an alert" in running
    assert "data-nothing" not in running
    assert "4 min, words of advice, <strong>without an alert</strong>" in page(finn, alert)


def test_an_arrest_without_an_identity_check_is_refused_and_nothing_written_is_lost(
    finn: Client, confirmed: Alert
) -> None:
    start(finn, confirmed, "alert")
    stop = Stop.objects.get()
    response = finn.post(
        reverse("stop-end", args=[stop.pk]), {"identity_check": "none", "outcome": "arrest", "note": "Long note."}
    )
    shown = response.content.decode()

    assert response.status_code == 400
    assert "check the person" in shown
    assert "Long note." in shown
    assert Stop.objects.get().state == "started"


def test_after_the_window_a_confirmed_alert_is_still_acted_on(finn: Client, cast: Cast, confirmed: Alert) -> None:
    deployment_close(actor=cast.olga, deployment=confirmed.deployment, reason="Done.")
    shown = page(finn, confirmed)
    start(finn, confirmed, "alert")

    assert "Petra Example" in shown
    assert "stops on alerts confirmed here can be recorded" in shown
    assert "Start the stop" in shown
    assert "without an alert" not in shown
    assert Stop.objects.get().alert == confirmed


def test_an_hour_later_the_page_says_that_it_is_too_late(finn: Client, cast: Cast, confirmed: Alert) -> None:
    deployment_close(actor=cast.olga, deployment=confirmed.deployment, reason="Done.")
    Deployment.objects.update(closed_at=timezone.now() - timedelta(hours=1))
    shown = page(finn, confirmed)
    response = start(finn, confirmed, "alert")

    assert "Start the stop" not in shown
    for said in (shown, response.content.decode()):
        assert "This deployment is closed: stops could be recorded until" in said
    assert not Stop.objects.exists()


def test_a_colleague_ends_the_stop_of_one_who_is_officer_no_more(client: Client, cast: Cast, confirmed: Alert) -> None:
    fiona, live = make_user("fiona"), confirmed.deployment
    appointment_add(actor=cast.adam, user=fiona, role=Role.OFFICER)
    member_add(actor=cast.sam, deployment=live, user=fiona, role=Role.OFFICER)
    stop = stop_start(actor=cast.finn, deployment=live, alert=confirmed, grounds=["alert"], now=timezone.now())
    client.force_login(fiona)
    before = page(client, confirmed)
    cast.finn.appointments.all().delete()
    told = page(client, confirmed)
    shown = client.get(reverse("officer", args=[live.pk]), {"stop": str(stop.pk)}).content.decode()
    client.post(reverse("stop-end", args=[stop.pk]), {"identity_check": "document", "outcome": "no_action"})
    stop.refresh_from_db()

    assert "can no longer end" not in before
    assert "Finn can no longer end the stop begun at" in told
    assert f"?stop={stop.pk}" in told
    assert "Begun by Finn, who can no longer end it" in shown
    assert (stop.state, stop.officer) == ("ended", cast.finn)
    assert "can no longer end" not in page(client, confirmed)


@pytest.fixture
def left(cast: Cast, confirmed: Alert) -> Stop:
    """Fiona's stop, who is officer no more."""
    fiona, live = make_user("fiona"), confirmed.deployment
    appointment_add(actor=cast.adam, user=fiona, role=Role.OFFICER)
    member_add(actor=cast.sam, deployment=live, user=fiona, role=Role.OFFICER)
    stop = stop_start(actor=fiona, deployment=live, alert=confirmed, grounds=["alert"], now=timezone.now())
    fiona.appointments.all().delete()
    return stop


def test_a_colleagues_form_that_comes_back_is_never_ones_own_stops(finn: Client, confirmed: Alert, left: Stop) -> None:
    start(finn, confirmed, "behaviour", on_alert=False)
    own = Stop.objects.get(officer__username="finn")
    shown = finn.post(
        reverse("stop-end", args=[left.pk]), {"identity_check": "document", "note": "About hers."}
    ).content.decode()

    assert "Begun by Fiona" in shown
    assert "About hers." in shown
    assert reverse("stop-end", args=[left.pk]) in shown
    assert reverse("stop-end", args=[own.pk]) not in shown


def test_what_was_written_of_a_stop_that_has_ended_fills_no_other(finn: Client, confirmed: Alert, left: Stop) -> None:
    start(finn, confirmed, "behaviour", on_alert=False)
    url = reverse("stop-end", args=[left.pk])
    fields = {"identity_check": "document", "outcome": "no_action", "note": "About hers."}
    finn.post(url, fields)
    response = finn.post(url, fields)
    shown = response.content.decode()

    assert (response.status_code, "About hers." in shown) == (400, False)
    assert "not yours to end any more" in shown


def test_whoever_is_officer_no_more_is_shown_their_running_stop_alone(
    finn: Client, cast: Cast, confirmed: Alert
) -> None:
    start(finn, confirmed, "alert")
    serving = page(finn, confirmed)
    cast.finn.appointments.all().delete()
    home = finn.get(reverse("home")).content.decode()
    shown = page(finn, confirmed)
    url = reverse("stop-end", args=[Stop.objects.get().pk])
    refused = finn.post(url, {"identity_check": "none", "outcome": "arrest"})
    taken = finn.post(url, {"identity_check": "document", "outcome": "no_action"})

    assert f'href="{reverse("officer", args=[confirmed.deployment_id])}">End it</a>' in home
    assert "Stop running" in shown
    assert "Petra Example" not in shown
    assert ("officer/main.js" in serving, "officer/main.js" in shown) == (True, False)  # which would be told of nothing
    assert (refused.status_code, "check the person" in refused.content.decode()) == (400, True)
    assert taken["Location"] == reverse("home")
    assert "End it</a>" not in finn.get(reverse("home")).content.decode()
    assert finn.get(reverse("officer", args=[confirmed.deployment_id])).status_code == 404


def test_another_deployments_alert_is_no_ground_here(finn: Client, cast: Cast, confirmed: Alert) -> None:
    elsewhere = make_live(cast)
    response = finn.post(reverse("stop-start", args=[elsewhere.pk]), {"grounds": ["alert"], "alert": str(confirmed.pk)})

    assert response.status_code == 400
    assert not Stop.objects.exists()
