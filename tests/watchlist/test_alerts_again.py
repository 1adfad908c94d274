"""What a person who is seen again brings about: a sighting, nothing for a while, or an alert anew?"""

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.cast import (
    Cast,
    make_alert,
    make_listed_subject,
    make_live,
    seen,
)
from tests.watchlist.alerting import SECOND, raise_again, recorded
from watchlist.models import Alert, AlertState, AuditEntry, Deployment, Subject
from watchlist.services.alerts import alerts_expire
from watchlist.services.decisions import alert_decide


@pytest.fixture
def subject(cast: Cast) -> Subject:
    return make_listed_subject(cast)


@pytest.fixture
def live(cast: Cast, subject: Subject) -> Deployment:
    return make_live(cast, subject)


class TestOneAlert:
    def test_stands_per_subject_and_deployment(self, live: Deployment) -> None:
        now = timezone.now()
        alert = make_alert(live, now=now)
        assert raise_again(live, now + 2 * SECOND) is None
        alert.refresh_from_db()
        assert (alert.sightings, Alert.objects.count()) == (2, 1)

    def test_stands_however_long_ago_it_was_seen(self, cast: Cast, subject: Subject) -> None:
        live = make_live(cast, subject, alert_seconds=600)
        now = timezone.now()
        make_alert(live, now=now)
        assert raise_again(live, now + dt.timedelta(seconds=live.quiet_seconds * 3)) is None

    def test_does_not_silence_another_subject_or_deployment(self, cast: Cast, subject: Subject) -> None:
        other = make_listed_subject(cast)
        here, there = make_live(cast, subject, other), make_live(cast, subject)
        now = timezone.now()
        assert raise_again(here, now, **seen(subject)) is not None
        assert raise_again(here, now, **seen(other)) is not None
        assert raise_again(there, now, **seen(subject)) is not None

    @pytest.mark.parametrize(("late", "raised"), [(-0.001, False), (0, False), (0.001, True)])
    def test_is_followed_by_a_quiet_time_counted_from_the_last_sighting(
        self, late: float, raised: bool, cast: Cast, live: Deployment
    ) -> None:
        now = timezone.now()
        alert = make_alert(live, now=now)
        raise_again(live, now + 5 * SECOND)
        alert.refresh_from_db()
        alert_decide(actor=cast.olga, alert=alert, answer="different", reason="Another nose.", now=now + 6 * SECOND)
        quiet_until = alert.last_seen_at + dt.timedelta(seconds=live.quiet_seconds + late)
        again = raise_again(live, quiet_until, captured_at=quiet_until)
        assert (again is not None) is raised

    def test_that_is_seen_again_is_told_to_the_pages_answered_or_not(
        self,
        cast: Cast,
        live: Deployment,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        now = timezone.now()
        alert = make_alert(live, now=now)
        with django_capture_on_commit_callbacks() as while_standing:
            raise_again(live, now + SECOND)
        alert_decide(actor=cast.olga, alert=alert, answer="different", reason="Another nose.", now=now + SECOND)
        with django_capture_on_commit_callbacks() as afterwards:
            raise_again(live, now + 2 * SECOND)
        assert (len(while_standing), len(afterwards)) == (1, 1)

    def test_counts_an_older_frame_without_turning_back_time(self, live: Deployment) -> None:
        now = timezone.now()
        alert = make_alert(live, now=now, captured_at=now)
        raise_again(live, now, captured_at=now - 3 * SECOND)
        alert.refresh_from_db()
        assert (alert.sightings, alert.last_seen_at) == (2, now)

    def test_sightings_leave_no_trail_of_movements(self, live: Deployment) -> None:
        now = timezone.now()
        make_alert(live, now=now)
        before = AuditEntry.objects.count()
        raise_again(live, now + SECOND, camera_id=live.cameras.create(name="South").pk)
        assert AuditEntry.objects.count() == before


class TestOverdue:
    """No clock has come round since the alert's time ran out."""

    def test_it_ends_and_the_person_who_comes_again_is_a_new_alert(self, live: Deployment) -> None:
        now = timezone.now()
        first = make_alert(live, now=now)
        later = now + 3 * dt.timedelta(seconds=live.quiet_seconds)
        again = raise_again(live, later)
        first.refresh_from_db()
        assert (first.state, first.closed_at, first.sightings) == (AlertState.EXPIRED, later, 1)
        assert again is not None
        assert again.state == AlertState.OPEN
        assert AuditEntry.objects.order_by("seq").reverse()[1].action == "alert.expired"
        assert recorded("alert.expired") == [{"alert": str(first.pk), "why": "unanswered", "result": "no_action"}]
        assert alerts_expire(now=later) == 0

    def test_it_ends_within_the_quiet_time_too_which_goes_on(self, live: Deployment) -> None:
        first = make_alert(live)
        raise_again(live, first.expires_at - SECOND)
        assert raise_again(live, first.expires_at) is None
        first.refresh_from_db()
        assert (first.state, first.sightings) == (AlertState.EXPIRED, 3)
        assert len(recorded("alert.expired")) == 1
