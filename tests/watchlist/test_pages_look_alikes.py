"""A known look-alike is told where one of the two alerts: to the operator after the answer, to the officer before a
stop, and to neither of them who it is."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, make_alert, make_live, make_reference, make_subject
from watchlist.models import Alert, Resemblance, Subject
from watchlist.services.decisions import alert_decide
from watchlist.services.references import Resembling, resemblance_answer
from watchlist.services.stops import stop_start

FETCH = {"X-Requested-With": "fetch"}
TOLD = "Somebody else looks like this person"


@pytest.fixture
def brothers(cast: Cast) -> tuple[Subject, Subject]:
    sought, other = make_subject(cast, name="Petra Example"), make_subject(cast, name="Bruno Brother")
    found = [Resembling(make_reference(cast, sought).pk, Resemblance.Kind.LOOK_ALIKE, 0.94)]
    make_reference(cast, other, resemblances=found)
    return sought, other


def answer(cast: Cast, *marks: str) -> None:
    """The marks of the brother and of the one sought."""
    other, sought = marks or ("Much taller.", "A scar over the left eye.")
    resemblance_answer(
        actor=cast.sam,
        resemblance=Resemblance.objects.get(),
        answer="two_people",
        reason="Secret reason.",
        marks=other,
        other_marks=sought,
    )


def card(client: Client, alert: Alert) -> str:
    content = client.get(reverse("alert-card", args=[alert.pk]), headers=FETCH).content.decode()
    return re.sub(r"\s+", " ", content)


def officers(client: Client, alert: Alert) -> str:
    content = client.get(reverse("officer", args=[alert.deployment_id])).content.decode()
    return re.sub(r"\s+", " ", content)


def decide(cast: Cast, alert: Alert) -> None:
    alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The ears agree.", now=timezone.now())


def test_the_operator_is_told_after_the_answer(client: Client, cast: Cast, brothers: tuple[Subject, Subject]) -> None:
    answer(cast)
    alert = make_alert(make_live(cast, *brothers[:1]))
    client.force_login(cast.olga)
    before = card(client, alert)
    decide(cast, alert)
    after = card(client, alert)
    assert TOLD not in before
    assert "A scar over the left eye." not in before
    assert TOLD in after
    assert "on the watch-list, not on this deployment's list" in after.replace("&#x27;", "'")
    assert "<strong>The person sought:</strong> A scar over the left eye." in after
    assert "<strong>The other:</strong> Much taller." in after


def test_the_second_operator_is_not_led_by_it_either(
    client: Client, cast: Cast, brothers: tuple[Subject, Subject]
) -> None:
    answer(cast)
    alert = make_alert(make_live(cast, *brothers[:1], two_person=True))
    decide(cast, alert)
    client.force_login(cast.omar)
    assert TOLD not in card(client, alert)


def test_the_officer_reads_it_first_before_a_stop_and_while_it_runs(
    client: Client, cast: Cast, brothers: tuple[Subject, Subject]
) -> None:
    answer(cast)
    live = make_live(cast, *brothers)
    alert = make_alert(live, subject_id=brothers[0].pk, reference_id=brothers[0].references.get().pk)
    decide(cast, alert)
    client.force_login(cast.finn)
    before = officers(client, alert)
    stop_start(actor=cast.finn, deployment=live, alert=alert, grounds=["alert"], now=timezone.now())
    running = officers(client, alert)
    for shown in (before, running):
        [first, *_] = re.findall(r"<ol>.*?<li.*?>(.*?)</li>", shown)
        assert TOLD in first
        assert "on this deployment" in first
        assert "A scar over the left eye." in first
        assert "Much taller." in first


def test_neither_learns_who_the_other_is_or_why_they_were_told_apart(
    client: Client, cast: Cast, brothers: tuple[Subject, Subject]
) -> None:
    answer(cast)
    sought, other = brothers
    alert = make_alert(make_live(cast, sought))
    decide(cast, alert)
    for person, look in ((cast.olga, card), (cast.finn, officers)):
        client.force_login(person)
        shown = look(client, alert)
        assert TOLD in shown
        for secret in ("Bruno", other.record_number, str(other.pk), "Secret reason.", str(other.references.get().pk)):
            assert secret not in shown


def test_without_words_the_warning_still_stands(client: Client, cast: Cast, brothers: tuple[Subject, Subject]) -> None:
    answer(cast, "", "")
    alert = make_alert(make_live(cast, *brothers[:1]))
    decide(cast, alert)
    client.force_login(cast.finn)
    assert "What each is known by is not written down" in officers(client, alert)


def test_nobody_is_told_of_a_pair_that_is_one_person_or_not_answered_yet(
    client: Client, cast: Cast, brothers: tuple[Subject, Subject]
) -> None:
    alert = make_alert(make_live(cast, *brothers[:1]))
    decide(cast, alert)
    client.force_login(cast.finn)
    assert TOLD not in officers(client, alert)
    resemblance_answer(
        actor=cast.sam, resemblance=Resemblance.objects.get(), answer="same_person", reason="One date of birth."
    )
    assert TOLD not in officers(client, alert)
