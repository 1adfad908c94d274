"""When does a candidate become an alert, and how does an alert end unanswered?"""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.cast import (
    Cast,
    make_alert,
    make_candidate,
    make_listed_subject,
    make_live,
    make_reference,
    make_subject,
)
from tests.watchlist.alerting import SECOND, raise_again, recorded
from watchlist.models import Alert, AlertState, Category, Deployment, Resemblance, Subject
from watchlist.selectors.alerts import Picture, picture
from watchlist.services.alerts import alert_raise, alerts_expire
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_close, deployment_pause
from watchlist.services.lists import list_remove
from watchlist.services.references import reference_withdraw


@pytest.fixture
def subject(cast: Cast) -> Subject:
    return make_listed_subject(cast)


@pytest.fixture
def live(cast: Cast, subject: Subject) -> Deployment:
    return make_live(cast, subject)


def test_it_keeps_what_gives_the_score_a_meaning(live: Deployment, subject: Subject) -> None:
    now = timezone.now()
    candidate = make_candidate(live, now=now)
    alert = alert_raise(candidate, now=now)
    assert alert is not None
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN
    assert (alert.threshold, alert.score, alert.frames) == (live.threshold, candidate.score, candidate.frames)
    assert (alert.list_size, alert.list_version, alert.pack) == (1, live.gallery_version, candidate.pack)
    assert alert.expires_at == now + dt.timedelta(seconds=live.alert_seconds)
    [facts] = recorded("alert.raised")
    assert facts["alert"] == str(alert.pk)
    assert {"camera", "subject", "reference", "score", "threshold", "list_size", "software", "verification"} <= set(
        facts
    )


def test_its_pictures_are_sealed_and_open_again(live: Deployment) -> None:
    now = timezone.now()
    candidate = make_candidate(live, now=now)
    alert = alert_raise(candidate, now=now)
    assert alert is not None
    assert b"JFIF" not in bytes(alert.probe) + bytes(alert.portrait)
    assert picture(alert, Picture.PROBE) == candidate.probe
    assert picture(alert, Picture.PROBE_PORTRAIT) == candidate.portrait


def _paused(cast: Cast, live: Deployment, subject: Subject) -> None:
    deployment_pause(actor=cast.olga, deployment=live, reason="Rain.")


def _closed(cast: Cast, live: Deployment, subject: Subject) -> None:
    deployment_close(actor=cast.olga, deployment=live, reason="Done.")


def _before_window(cast: Cast, live: Deployment, subject: Subject) -> None:
    Deployment.objects.filter(pk=live.pk).update(starts_at=timezone.now() + dt.timedelta(hours=1))


def _after_window(cast: Cast, live: Deployment, subject: Subject) -> None:
    Deployment.objects.filter(pk=live.pk).update(ends_at=timezone.now())


def _delisted(cast: Cast, live: Deployment, subject: Subject) -> None:
    list_remove(actor=cast.sam, entry=live.entries.get(subject=subject), reason="Warrant withdrawn.")


def _expired(cast: Cast, live: Deployment, subject: Subject) -> None:
    Subject.objects.filter(pk=subject.pk).update(expires_on=timezone.localdate() - dt.timedelta(days=1))


def _withdrawn(cast: Cast, live: Deployment, subject: Subject) -> None:
    reference_withdraw(actor=cast.sam, reference=subject.references.get(), reason="A better one came.")


def _disputed(cast: Cast, live: Deployment, subject: Subject) -> None:
    other = make_reference(cast, make_subject(cast))
    Resemblance.objects.create(reference=subject.references.get(), other=other, kind=Resemblance.Kind.SAME_FACE)


def _of_another_category(cast: Cast, live: Deployment, subject: Subject) -> None:
    Subject.objects.filter(pk=subject.pk).update(category=Category.MISSING)


@pytest.mark.parametrize(
    "change",
    [
        _paused,
        _closed,
        _before_window,
        _after_window,
        _delisted,
        _expired,
        _withdrawn,
        _disputed,
        _of_another_category,
    ],
)
def test_nobody_is_alerted_for_what_is_no_longer_looked_for(
    change: Callable[[Cast, Deployment, Subject], None], cast: Cast, live: Deployment, subject: Subject
) -> None:
    candidate = make_candidate(live, now=timezone.now())
    change(cast, live, subject)
    assert alert_raise(candidate, now=timezone.now()) is None
    assert not Alert.objects.exists()


def test_a_reference_of_somebody_else_raises_nothing(cast: Cast, live: Deployment) -> None:
    other = make_listed_subject(cast)
    assert raise_again(live, timezone.now(), reference_id=other.references.get().pk) is None


def test_the_last_day_of_an_entry_is_the_deployments_day(cast: Cast) -> None:
    """23:30 UTC on the last day is the next day in Auckland, and the same in London's winter."""
    now = dt.datetime.now(dt.UTC).replace(hour=23, minute=30, second=0, microsecond=0)
    for zone, looked_for in (("Pacific/Auckland", False), ("Europe/London", True)):
        subject = make_listed_subject(cast)
        live = make_live(cast, subject, time_zone=zone)
        Deployment.objects.filter(pk=live.pk).update(starts_at=now - SECOND, ends_at=now + dt.timedelta(hours=1))
        candidate = make_candidate(live, now=now)
        Subject.objects.filter(pk=subject.pk).update(expires_on=now.date())
        assert (alert_raise(candidate, now=now) is not None) is looked_for, zone


class TestUnanswered:
    def test_expires_at_its_time_and_not_before(self, live: Deployment) -> None:
        alert = make_alert(live)
        assert alerts_expire(now=alert.expires_at - dt.timedelta(microseconds=1)) == 0
        assert alerts_expire(now=alert.expires_at) == 1
        assert alerts_expire(now=alert.expires_at) == 0
        alert.refresh_from_db()
        assert (alert.state, alert.closed_at) == (AlertState.EXPIRED, alert.expires_at)
        [facts] = recorded("alert.expired")
        assert facts == {"alert": str(alert.pk), "why": "unanswered", "result": "no_action"}

    def test_expires_where_only_one_of_two_agreed(self, cast: Cast) -> None:
        live = make_live(cast, two_person=True)
        alert = make_alert(live)
        alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The scar.", now=timezone.now())
        assert alerts_expire(now=alert.expires_at) == 1

    @pytest.mark.parametrize(
        ("change", "why"), [(_delisted, "delisted"), (_withdrawn, "withdrawn"), (_closed, "closed")]
    )
    def test_ends_with_what_it_rests_on(
        self, change: Callable[..., None], why: str, cast: Cast, live: Deployment, subject: Subject
    ) -> None:
        alert = make_alert(live)
        change(cast, live, subject)
        alert.refresh_from_db()
        assert alert.state == AlertState.EXPIRED
        assert recorded("alert.expired") == [{"alert": str(alert.pk), "why": why, "result": "no_action"}]

    @pytest.mark.parametrize("change", [_delisted, _withdrawn, _closed])
    def test_what_was_answered_stays_answered(
        self, change: Callable[..., None], cast: Cast, live: Deployment, subject: Subject
    ) -> None:
        alert = make_alert(live)
        alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The scar.", now=timezone.now())
        change(cast, live, subject)
        alert.refresh_from_db()
        assert alert.state == AlertState.CONFIRMED
        assert recorded("alert.expired") == []
