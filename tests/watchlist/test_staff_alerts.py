"""Alerts on consenting staff: answered like any other, apart from the figures, and never an officer's."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, browser, make_alert, make_listed_subject, make_live, make_staff, seen
from tests.watchlist.alerting import recorded
from watchlist.errors import NotFound, Refused
from watchlist.models import Alert, Deployment, Role, Subject
from watchlist.selectors.alerts import alert_for, alerts_for
from watchlist.selectors.figures import Figures, figures_of
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_close
from watchlist.services.staffing import member_add
from watchlist.services.stops import stop_start
from watchlist.services.users import appointment_add


@pytest.fixture
def staff(cast: Cast) -> Subject:
    return make_staff(cast, name="Kim Colleague")


@pytest.fixture
def sought(cast: Cast) -> Subject:
    return make_listed_subject(cast)


@pytest.fixture
def live(cast: Cast, staff: Subject, sought: Subject) -> Deployment:
    return make_live(cast, sought, staff, seeded_staff=True)


def answer(cast: Cast, alert: Alert, said: str = "same") -> Alert:
    alert_decide(actor=cast.olga, alert=alert, answer=said, reason="The nose.", now=timezone.now())
    alert.refresh_from_db()
    return alert


def card(client: Client, alert: Alert) -> str:
    return client.get(reverse("alert-card", args=[alert.pk]), headers={"X-Requested-With": "fetch"}).content.decode()


def test_nothing_tells_it_from_another_before_the_answer(
    cast: Cast, live: Deployment, staff: Subject, sought: Subject
) -> None:
    """Two alerts, one of each kind: but for ids, names of cameras and times, pages and API say the same."""
    client = browser(cast.olga)
    said: list[Any] = []
    for subject in (staff, sought):
        alert = make_alert(live, **seen(subject))
        page = card(client, alert)
        shown = client.get(reverse("api:alert", args=[alert.pk])).json()
        totals = client.get(reverse("operator-totals", args=[live.pk])).content.decode()
        assert "Kim Colleague" not in page
        assert "staff" not in page.lower()
        said.append((shown["seeded"], shown["sought"], shown["state"], page.count("<"), figures_of(live).raised))
        assert f"{len(said)} of 0 faces seen" in totals
    assert said[0][:-1] == said[1][:-1]
    assert [each[-1] for each in said] == [1, 2]


def test_after_the_answer_the_operator_is_told(cast: Cast, live: Deployment, staff: Subject) -> None:
    alert = answer(cast, make_alert(live, **seen(staff)))
    page = card(browser(cast.olga), alert)
    shown = browser(cast.olga).get(reverse("api:alert", args=[alert.pk])).json()

    assert "consenting member of staff" in page
    assert "No officer is told" in page
    assert (shown["seeded"], shown["sought"]["name"]) == (True, "Kim Colleague")
    assert recorded("alert.raised")[-1]["seeded"] is True


def test_no_officer_learns_of_it_or_stops_anybody_on_it(cast: Cast, live: Deployment, staff: Subject) -> None:
    alert = answer(cast, make_alert(live, **seen(staff)))
    assert alert.state == "confirmed"
    assert not alerts_for(cast.finn, live).exists()
    with pytest.raises(NotFound):
        alert_for(cast.finn, alert.pk)
    with pytest.raises(Refused, match="no stop rests on it"):
        stop_start(actor=cast.finn, deployment=live, grounds=["alert"], alert=alert, now=timezone.now())


def test_neither_does_one_who_is_operator_as_well(cast: Cast, live: Deployment, staff: Subject) -> None:
    alert = answer(cast, make_alert(live, **seen(staff)))
    appointment_add(actor=cast.adam, user=cast.olga, role=Role.OFFICER)
    member_add(actor=cast.sam, deployment=live, user=cast.olga, role=Role.OFFICER)
    page = browser(cast.olga).get(reverse("officer", args=[live.pk])).content.decode()

    assert "No confirmed alert" in page
    assert str(alert.pk) not in page


def test_the_figures_leave_it_out_once_it_is_answered(
    cast: Cast, live: Deployment, staff: Subject, sought: Subject
) -> None:
    on_staff = make_alert(live, **seen(staff))
    answer(cast, make_alert(live, **seen(sought)))
    assert figures_of(live) == Figures(2, 1, 1, 0, 0, 0)
    answer(cast, on_staff)
    assert figures_of(live) == Figures(1, 0, 1, 0, 0, 0)
    page = browser(cast.olga).get(reverse("deployment", args=[live.pk])).content.decode()
    assert "1 alert of 0 faces seen; 1 confirmed, 0 dismissed" in page


@pytest.mark.parametrize(("said", "mistaken"), [("different", 1), ("cannot_tell", 0)])
def test_a_passer_by_taken_for_staff_is_a_false_alert(
    said: str, mistaken: int, cast: Cast, live: Deployment, staff: Subject
) -> None:
    alert = answer(cast, make_alert(live, **seen(staff)), said)
    assert figures_of(live) == Figures(mistaken, 0, 0, mistaken, 0, mistaken)
    assert ("counts as a false alert" in card(browser(cast.olga), alert)) is bool(mistaken)
    deployment_close(actor=cast.olga, deployment=live, reason="Done.")
    [closed] = recorded("deployment.closed")
    assert (closed["alerts"], closed["staff"]["alerts"], closed["staff"]["mistaken"]) == (mistaken, 1, mistaken)


def test_the_record_marks_it_and_finds_it(cast: Cast, live: Deployment, staff: Subject) -> None:
    marked, other = make_alert(live, **seen(staff)), make_alert(live)
    client, alerts = browser(cast.audrey), reverse("admin:watchlist_alert_changelist")
    both, those = (client.get(alerts, asked).content.decode() for asked in ({}, {"seeded__exact": "1"}))
    pages = [reverse("admin:watchlist_alert_change", args=[each.pk]) for each in (marked, other)]
    told = ["Consenting member of staff" in client.get(page).content.decode() for page in pages]

    assert both.count("Consenting member of staff") == 1
    assert told == [True, False]
    assert (pages[0] in those, pages[1] in those) == (True, False)


def test_a_waiting_one_that_ends_with_the_deployment_is_in_no_figure(
    cast: Cast, live: Deployment, staff: Subject
) -> None:
    make_alert(live, **seen(staff))
    deployment_close(actor=cast.olga, deployment=live, reason="Done.")
    [closed] = recorded("deployment.closed")
    assert (closed["alerts"], closed["expired"], closed["staff"]["alerts"]) == (0, 0, 1)


def test_a_deployment_without_staff_says_nothing_of_them(cast: Cast) -> None:
    live = make_live(cast)
    deployment_close(actor=cast.olga, deployment=live, reason="Done.")
    [closed] = recorded("deployment.closed")
    assert "staff" not in closed
    assert "aff" not in json.dumps(closed)
