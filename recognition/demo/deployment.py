"""The demo's deployment: one camera, one listed person, a threshold that keeps the usual promise."""

import datetime as dt

from django.utils import timezone

from recognition.conf import conf
from recognition.demo.accounts import People
from recognition.demo.sought import demo_subject
from recognition.packs.calibration import shipped
from recognition.packs.registry import find
from watchlist.models import Category, Deployment, DeploymentState, LocationGround, Role
from watchlist.services.deployments import deployment_apply, deployment_approve, deployment_start
from watchlist.services.lists import list_add
from watchlist.services.staffing import camera_add, member_add

WINDOW = dt.timedelta(hours=12)
LEAST_LEFT = dt.timedelta(hours=1)
CAMERAS = ("North entrance", "South entrance")
FOOTFALL = 5_000


def demo_deployment(people: People) -> Deployment:
    """The live one, or a new one: applied for by the steward, approved by the authoriser, started by the operator."""
    now = timezone.now()
    standing = Deployment.objects.filter(
        demo=True,
        state__in=(DeploymentState.LIVE, DeploymentState.PAUSED),
        starts_at__lte=now,
        ends_at__gte=now + LEAST_LEFT,
    ).first()
    return standing or _new_deployment(people, now)


def _new_deployment(people: People, now: dt.datetime) -> Deployment:
    subject = demo_subject(people.steward)
    listed = subject.references.filter(state="enrolled").count()
    deployment = deployment_apply(
        actor=people.steward,
        name="Demonstration",
        place="Museum forecourt",
        ground=LocationGround.INTELLIGENCE,
        evidence="The sample footage shows the person sought at this place.",
        purpose="To show how the software works, on public-domain photographs of two public figures.",
        categories=[Category.MISSING],
        starts_at=now,
        ends_at=now + WINDOW,
        threshold=shipped(find(conf().pack).identifier).threshold_for(gallery_size=listed),
        footfall=FOOTFALL,
        two_person=False,
        demo=True,
    )
    for user, role in (
        (people.authoriser, Role.AUTHORISER),
        (people.operator, Role.OPERATOR),
        (people.operator_two, Role.OPERATOR),
        (people.officer, Role.OFFICER),
    ):
        member_add(actor=people.steward, deployment=deployment, user=user, role=role)
    for name in CAMERAS:
        camera_add(actor=people.steward, deployment=deployment, name=name)
    list_add(actor=people.steward, deployment=deployment, subject=subject)
    deployment_approve(actor=people.authoriser, deployment=deployment)
    deployment_start(actor=people.operator, deployment=deployment)
    return deployment
