"""A member of staff who walks by a camera: the real engine's candidates are what recognition is measured by."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from recognition import gallery
from recognition.enrolment import check_reference
from recognition.footage.people import COLLINS, HOPPER
from recognition.services import verification
from tests.cast import Cast, camera_of, make_live, make_pending
from tests.recognition.walking import walk_by
from watchlist.models import Alert, Camera, Deployment, Passage, StaffSighting, Subject
from watchlist.selectors.passages import recognition_of
from watchlist.services.decisions import alert_decide
from watchlist.services.passages import passage_note
from watchlist.services.staff import consent_withdraw, staff_create

AFTER = timedelta(minutes=3)


@pytest.fixture
def colleague(cast: Cast) -> Subject:
    today = timezone.localdate()
    entry = {"name": "Kim Colleague", "record_number": "S-1", "consented_on": today, "expires_on": today}
    staff = staff_create(actor=cast.sam, **entry)
    check_reference(make_pending(cast, staff, COLLINS.path().read_bytes()).pk)
    return staff


@pytest.fixture
def live(cast: Cast, colleague: Subject, redis_client: redis.Redis) -> Iterator[Deployment]:
    yield make_live(cast, colleague, seeded_staff=True)
    gallery._held.clear()


@pytest.fixture
def north(live: Deployment) -> Camera:
    return camera_of(live)


def verified(live: Deployment, candidates: list[str]) -> list[Alert | None]:
    return [verification.verify_candidate(candidate_id=each, deployment_id=live.pk) for each in candidates]


def noted(cast: Cast, north: Camera, colleague: Subject) -> Passage:
    live, now = north.deployment, timezone.now()
    return passage_note(actor=cast.olga, deployment=live, camera=north, subject=colleague, now=now)


def test_walking_by_is_recognised_by_an_alert_and_by_what_is_counted_on_it(
    cast: Cast, live: Deployment, north: Camera, colleague: Subject, redis_client: redis.Redis
) -> None:
    noted(cast, north, colleague)
    [alert] = verified(live, walk_by(north, COLLINS))
    redis_client.delete(f"lfr:tracks:{north.pk}")  # as if seconds had passed
    [again] = verified(live, walk_by(north, COLLINS))
    assert alert is not None
    alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The ears agree.", now=timezone.now())

    assert (alert.seeded, again) == (True, None)
    assert list(StaffSighting.objects.values_list("alert", "camera")) == [(alert.pk, north.pk), (None, north.pk)]
    found = recognition_of(live, timezone.now() + AFTER)
    assert (found.share.count, found.share.of, found.unnoted) == (1, 1, 0)


def test_another_person_who_walks_by_recognises_nobody(
    cast: Cast, live: Deployment, north: Camera, colleague: Subject
) -> None:
    noted(cast, north, colleague)
    assert walk_by(north, HOPPER) == []
    found = recognition_of(live, timezone.now() + AFTER)
    assert (found.share.count, found.share.of) == (0, 1)


def test_whoever_withdraws_between_frame_and_verification_is_not_seen(
    cast: Cast, live: Deployment, north: Camera, colleague: Subject
) -> None:
    candidates = walk_by(north, COLLINS)
    consent_withdraw(actor=cast.sam, subject=colleague, now=timezone.now())
    assert verified(live, candidates) == [None]
    assert not StaffSighting.objects.exists()
    assert walk_by(north, COLLINS) == []
