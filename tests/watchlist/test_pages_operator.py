"""The operator's card: what is shown before and after the answer, and what becomes of an answer that came second."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, make_alert, make_candidate, make_listed_subject, make_live
from watchlist.models import Alert, AlertState, AuditEntry, Decision
from watchlist.services.alerts import alert_raise
from watchlist.services.decisions import alert_decide

FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def alert(cast: Cast) -> Alert:
    subject = make_listed_subject(cast, name="Petra Example", instructions="Ask for the green document.")
    return make_alert(make_live(cast, subject))


@pytest.fixture
def shared_alert(cast: Cast) -> Alert:
    subject = make_listed_subject(cast, name="Petra Example", instructions="Ask for the green document.")
    return make_alert(make_live(cast, subject, two_person=True))


def card(client: Client, alert: Alert) -> str:
    return client.get(reverse("alert-card", args=[alert.pk]), headers=FETCH).content.decode()


def answer(client: Client, alert: Alert, fetch: bool = True, **fields: str):  # type: ignore[no-untyped-def]
    sent = {"answer": "same", "picked": "Eyes, nose, mouth and ears agree", "words": ""} | fields
    return client.post(reverse("alert-decide", args=[alert.pk]), sent, headers=FETCH if fetch else {})


def test_who_is_sought_and_the_score_come_after_the_answer(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    before, after = card(client, alert), answer(client, alert).content.decode()

    for told_later in ("Petra Example", "Ask for the green document.", "Wanted by the courts", "0.9900"):
        assert told_later not in before
        assert told_later in after


def test_a_score_never_stands_alone(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    shown = re.sub(r"\s+", " ", answer(client, alert).content.decode())

    assert re.search(r"0\.9900 at a threshold of 0\.98\d\d, 1 template searched: (about one|a) false alert", shown)


def test_an_answer_needs_a_reason(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    response = answer(client, alert, picked="")

    alert.refresh_from_db()
    assert (response.status_code, alert.state) == (400, AlertState.OPEN)
    assert re.search(r'data-told="form">\s*<p[^>]*>[^<]*pick a reason or write one', response.content.decode())


def test_picked_and_written_reason_are_recorded_together(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    answer(client, alert, words="the left ear above all")

    assert Decision.objects.get().reason == "Eyes, nose, mouth and ears agree: the left ear above all"


def test_whoever_is_second_is_told_what_the_first_answered(client: Client, cast: Cast, alert: Alert) -> None:
    alert_decide(actor=cast.omar, alert=alert, answer="different", reason="The ears differ.", now=timezone.now())
    client.force_login(cast.olga)
    response = answer(client, alert)
    shown = response.content.decode()

    assert response.status_code == 409
    assert 'data-told="card">Your answer was not taken: somebody else was first' in shown
    assert "The ears differ." in shown
    assert "data-decide" not in shown


def test_without_a_script_the_same_answer_comes_as_a_page(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    first, second = answer(client, alert, fetch=False), answer(client, alert, fetch=False)

    assert (first.status_code, second.status_code) == (302, 409)
    assert "<!doctype html>" in second.content.decode()


def test_an_alert_whose_time_is_over_takes_no_answer(client: Client, cast: Cast) -> None:
    late = make_alert(make_live(cast), now=timezone.now() - dt.timedelta(seconds=61))
    client.force_login(cast.olga)

    assert "data-decide" not in card(client, late)
    assert answer(client, late).status_code == 409


def test_the_second_operator_still_judges_unled(client: Client, cast: Cast, shared_alert: Alert) -> None:
    client.force_login(cast.olga)
    mine = answer(client, shared_alert).content.decode()
    client.force_login(cast.omar)
    other = card(client, shared_alert)

    assert "A second operator must agree" in mine
    assert "data-decide" not in mine
    assert "data-decide" in other
    assert "Petra Example" not in other


def test_the_auditor_sees_all_and_answers_nothing(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.audrey)

    assert "Petra Example" in card(client, alert)
    assert "data-decide" not in card(client, alert)
    assert answer(client, alert).status_code == 403


def test_the_queue_is_newest_first_and_names_nobody(client: Client, cast: Cast) -> None:
    one, two = make_listed_subject(cast, name="Petra One"), make_listed_subject(cast, name="Petra Two")
    deployment = make_live(cast, one, two)
    reference = two.references.get(state="enrolled")
    older = make_alert(deployment, now=timezone.now() - dt.timedelta(seconds=10))
    newer = make_alert(deployment, subject_id=two.pk, reference_id=reference.pk)
    client.force_login(cast.olga)
    queue = client.get(reverse("operator-queue", args=[deployment.pk])).content.decode()

    assert 0 < queue.index(str(newer.pk)) < queue.index(str(older.pk))
    assert "Petra" not in queue


def test_a_look_is_recorded_once_for_card_and_pictures(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    for _ in range(2):
        card(client, alert)
        client.get(reverse("alert-picture", args=[alert.pk, "probe"]))

    looks = AuditEntry.objects.filter(action="record.viewed", actor=str(cast.olga.pk))
    assert looks.count() == 1
    assert str(alert.pk) in looks.get().body


def test_an_alert_is_shown_under_its_own_deployment_alone(client: Client, cast: Cast, alert: Alert) -> None:
    elsewhere = make_live(cast)
    client.force_login(cast.olga)
    answers = [
        client.get(reverse("operator", args=[pk]), {"alert": str(alert.pk)})
        for pk in (elsewhere.pk, alert.deployment_id)
    ]

    assert [answer.status_code for answer in answers] == [404, 200]
    look = AuditEntry.objects.get(action="record.viewed", actor=str(cast.olga.pk))
    assert look.deployment == alert.deployment_id


def test_a_card_says_what_the_queue_calls_its_alert(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    shown = client.get(reverse("operator", args=[alert.deployment_id])).content.decode()
    [called] = re.findall(r'data-called="([^"]+)"', shown)

    assert called in re.sub("<article.*</article>", "", shown, flags=re.DOTALL)
    assert "data-untaken hidden" in shown
    assert '"unsent" hidden' in shown


def test_what_is_missing_is_said_one_thing_after_the_other(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    wrong = [
        re.findall('class="wrong" role="alert">([^<]+)<', answer(client, alert, **fields).content.decode())
        for fields in ({"answer": "", "picked": ""}, {"picked": ""})
    ]

    assert wrong == [["Choose an answer."], ["Say what the answer rests on: pick a reason or write one."]]


@pytest.mark.parametrize("answered", [False, True])
def test_who_was_seen_again_is_said_in_the_queue(client: Client, cast: Cast, alert: Alert, answered: bool) -> None:
    client.force_login(cast.olga)
    if answered:
        answer(client, alert)
    queue = reverse("operator-queue", args=[alert.deployment_id])
    before = client.get(queue).content.decode()
    for _ in range(2):
        alert_raise(make_candidate(alert.deployment, now=timezone.now()), now=timezone.now())

    assert "seen again" not in before
    assert "seen again 2 times, <time" in client.get(queue).content.decode()


def test_clocks_in_a_card_are_not_read_aloud_each_second(client: Client, cast: Cast, alert: Alert) -> None:
    client.force_login(cast.olga)
    shown = card(client, alert)

    assert [re.search("<time", part) for part in re.split(r'aria-live="off".*?</p>', shown, flags=re.DOTALL)] == [
        None,
        None,
    ]
