"""What the clock ends, it ends in time, however many images wait for their check."""

from recognition.footage.people import COLLINS
from tests.cast import Cast, make_alert, make_live, make_pending, make_subject
from tests.live.enrolling import enrol
from tests.live.stack import Stack
from tests.live.waiting import wait_for
from watchlist.models import Alert, AlertState, ReferenceImage, ReferenceState

ALERT_SECONDS = 10
LATE_SECONDS = 5


def test_an_alert_expires_while_images_wait(stack: Stack, people: Cast):
    (collins,) = enrol(people, COLLINS.path().read_bytes())
    deployment = make_live(people, collins, alert_seconds=ALERT_SECONDS)
    with stack.frozen("default"):
        subject = make_subject(people)
        for _ in range(3):
            make_pending(people, subject)
        alert = make_alert(deployment)
        wait_for(
            lambda: Alert.objects.get(pk=alert.pk).state == AlertState.EXPIRED,
            what="the alert to expire",
            seconds=ALERT_SECONDS + LATE_SECONDS,
        )
        assert ReferenceImage.objects.filter(subject=subject, state=ReferenceState.PENDING).count() == 3
    wait_for(
        lambda: not ReferenceImage.objects.filter(state=ReferenceState.PENDING).exists(), what="the images' checks"
    )
