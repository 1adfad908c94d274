"""A candidate is verified once, becomes an alert or is gone, and is never readable on the way."""

from time import time
from typing import Any

import pytest
import redis
from django.db import OperationalError

from recognition import candidates
from recognition.footage.people import COLLINS, HOPPER
from recognition.services import verification
from tests.cast import PACK, Cast, make_live
from tests.live.passing import passage, read
from tests.recognition.walking import look, walk_by
from watchlist.models import Alert, Camera, Deployment, Subject
from watchlist.services.deployments import deployment_close, deployment_pause
from watchlist.services.lists import list_remove
from watchlist.services.references import reference_withdraw


@pytest.fixture
def candidate(watching: Camera) -> str:
    (left,) = walk_by(watching, COLLINS)
    return left


def verify(at: Deployment, candidate: str) -> Alert | None:
    return verification.verify_candidate(candidate_id=candidate, deployment_id=at.pk)


def kept(redis_client: redis.Redis) -> list[bytes]:
    return list(redis_client.scan_iter("lfr:candidate:*"))


def test_a_candidate_waits_sealed_and_for_seconds(candidate: str, redis_client: redis.Redis) -> None:
    (name,) = kept(redis_client)
    sealed = redis_client.get(name)

    assert 0 < redis_client.pttl(name) <= 10_000
    assert b"\xff\xd8\xff" not in sealed
    assert b"landmarks" not in sealed


def test_a_verified_candidate_is_an_alert_with_what_gives_its_score_a_meaning(
    candidate: str, watched: Deployment, collins: Subject, watching: Camera, redis_client: redis.Redis
) -> None:
    alert = verify(watched, candidate)

    assert alert is not None
    assert (alert.subject, alert.camera, alert.list_size, alert.pack) == (collins, watching, 1, PACK)
    assert alert.list_version == watched.gallery_version
    assert alert.score >= alert.threshold == watched.threshold
    assert alert.verification["distance"] <= alert.verification["threshold"]
    assert not kept(redis_client)
    assert not list(redis_client.scan_iter("lfr:unanswered:*"))


def test_a_candidate_is_collected_once(candidate: str, watched: Deployment) -> None:
    assert verify(watched, candidate) is not None
    assert verify(watched, candidate) is None
    assert Alert.objects.count() == 1


def test_the_same_person_passing_again_is_counted_on_the_alert_that_stands(
    candidate: str, watching: Camera, watched: Deployment, redis_client: redis.Redis
) -> None:
    alert = verify(watched, candidate)
    assert alert is not None
    redis_client.delete(f"lfr:tracks:{watching.pk}")  # as if seconds had passed
    (again,) = walk_by(watching, COLLINS)

    assert verify(watched, again) is None
    alert.refresh_from_db()
    assert (Alert.objects.count(), alert.sightings) == (1, 2)


def test_a_candidate_that_fails_verification_leaves_nothing(
    candidate: str, watched: Deployment, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reference image as the second comparison gets it is somebody else's: as if the first had erred.
    monkeypatch.setattr(verification, "sought_image", lambda *_: HOPPER.path().read_bytes())
    before = set(redis_client.scan_iter("*"))

    assert verify(watched, candidate) is None
    assert not Alert.objects.exists()
    assert set(redis_client.scan_iter("*")) - before == set()
    assert not kept(redis_client)


def stand(camera: Camera, *, seconds: int, since: float) -> list[str]:
    """Candidates of somebody who stands before the camera, a frame each second."""
    (picture,) = passage([read(COLLINS.path())], frames=1)
    moments = [since + second for second in range(seconds)]
    looks = [look(camera, picture, number + 1, received) for number, received in enumerate(moments)]
    return [left for handled in looks for left in handled.candidates]


@pytest.mark.parametrize("seconds", [11, 14, 26])
def test_who_stands_there_is_verified_once(seconds: int, watching: Camera, watched: Deployment) -> None:
    (candidate,) = stand(watching, seconds=4, since=time())
    alert = verify(watched, candidate)
    assert alert is not None

    assert stand(watching, seconds=seconds, since=time() + 4) == []
    alert.refresh_from_db()
    assert alert.sightings == 1


def test_a_candidate_that_is_lost_on_the_way_is_handed_on_again(
    watching: Camera, watched: Deployment, redis_client: redis.Redis
) -> None:
    began = time()
    (lost,) = stand(watching, seconds=4, since=began)
    candidates.collect(lost, deployment=watched.pk)  # by a worker that is killed

    assert stand(watching, seconds=8, since=began + 4) == []
    (again,) = stand(watching, seconds=8, since=began + 12)
    alert = verify(watched, again)
    assert alert is not None
    assert alert.sightings == 1
    assert stand(watching, seconds=20, since=began + 20) == []


def test_a_failure_while_verifying_is_no_answer(
    candidate: str, watched: Deployment, redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def restarting(*_: Any, **__: Any) -> None:
        raise OperationalError("the database system is shutting down")

    with monkeypatch.context() as broken:
        broken.setattr(verification, "alert_raise", restarting)
        with pytest.raises(OperationalError):
            verify(watched, candidate)
    (mark,) = redis_client.scan_iter("lfr:unanswered:*")
    assert 0 < redis_client.pttl(mark) <= 30_000


@pytest.mark.parametrize("meanwhile", ["removed", "withdrawn", "paused", "closed"])
def test_a_candidate_of_somebody_who_is_no_longer_looked_for_raises_nothing(
    meanwhile: str, candidate: str, cast: Cast, collins: Subject, watched: Deployment, redis_client: redis.Redis
) -> None:
    match meanwhile:
        case "removed":
            list_remove(actor=cast.sam, entry=watched.entries.get(), reason="Arrested.")
        case "withdrawn":
            reference_withdraw(actor=cast.sam, reference=collins.references.get(), reason="Somebody else.")
        case "paused":
            deployment_pause(actor=cast.olga, deployment=watched, reason="Rain.")
        case "closed":
            deployment_close(actor=cast.olga, deployment=watched, reason="Over.")

    assert verify(watched, candidate) is None
    assert not Alert.objects.exists()
    assert not kept(redis_client)


def test_a_sealed_candidate_is_of_no_use_to_another_deployment(candidate: str, cast: Cast) -> None:
    from watchlist.vault import VaultError, deployment_key, seal

    other = make_live(cast)
    seal(b"", key=deployment_key(other.pk), context="")  # it has a key of its own

    with pytest.raises(VaultError):
        candidates.collect(candidate, deployment=other.pk)
