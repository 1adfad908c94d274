"""A listed person passes, and one who is not: one alert, through every process of the product."""

from recognition.footage.people import COLLINS, HOPPER
from recognition.pipeline.attend import YOUNG
from tests.cast import Cast, camera_of, make_live
from tests.live.enrolling import enrol
from tests.live.passing import passage, read
from tests.live.sender import camera_socket
from tests.live.stack import Stack
from tests.live.waiting import wait_for
from watchlist.models import Alert


def test_the_listed_person_raises_one_alert_and_the_other_none(stack: Stack, people: Cast):
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    deployment = make_live(people, collins)
    with camera_socket(stack, camera_of(deployment), people.olga) as sender:
        ends = sender.send_all(passage([read(COLLINS.path()), read(HOPPER.path())], frames=6))
    assert {end["type"] for end in ends} == {"result"}
    assert all(len(end["faces"]) == 2 for end in ends)
    alert = wait_for(lambda: Alert.objects.first(), what="an alert")
    assert alert.subject == collins
    assert alert.score >= alert.threshold
    # The first frames of the other; of her two, at once and closely, and no more once she was handed on.
    wait_for(lambda: _counted(deployment) == (2, 2 * 2 + YOUNG), what="the counts")
    alert.refresh_from_db()
    assert (Alert.objects.count(), alert.sightings) == (1, 1)  # a match of the other would count as a sighting


def _counted(deployment) -> tuple[int, int]:
    deployment.refresh_from_db()
    return deployment.faces_seen, deployment.templates_destroyed
