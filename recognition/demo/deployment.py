"""The demo's deployment: two cameras, one listed person, the usual promise about false alerts."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from recognition.conf import conf
from recognition.demo.accounts import People
from recognition.demo.sought import demo_subject, enrol_with_other_packs
from recognition.packs.registry import find
from watchlist.errors import Refused
from watchlist.models import Deployment, DeploymentState, LocationGround, Role, Subject, User
from watchlist.permissions import roles_of
from watchlist.selectors.terms import terms_digest
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
    staff = {
        people.authoriser: Role.AUTHORISER,
        people.operator: Role.OPERATOR,
        people.operator_two: Role.OPERATOR,
        people.officer: Role.OFFICER,
    }
    for user, role in {people.steward: Role.STEWARD, **staff}.items():
        _require_at_work(user, role)
    subject = demo_subject(people.steward)
    with transaction.atomic():
        # One transaction, so that no half of it stays. It deadlocks with nobody although it holds the record from its
        # first act on: the deployment is unknown to others till the end, and the subject is locked before all else.
        subject = Subject.objects.select_for_update(no_key=True).get(pk=subject.pk)
        deployment = _applied_for(people.steward, subject, now)
        for user, role in staff.items():
            member_add(actor=people.steward, deployment=deployment, user=user, role=role)
        for name in CAMERAS:
            camera_add(actor=people.steward, deployment=deployment, name=name)
        list_add(actor=people.steward, deployment=deployment, subject=subject)
        enrol_with_other_packs(subject)
        deployment.refresh_from_db()
        deployment_approve(actor=people.authoriser, deployment=deployment, terms=terms_digest(deployment))
        deployment_start(actor=people.operator, deployment=deployment)
    return deployment


def _require_at_work(user: User, role: Role) -> None:
    if role not in roles_of(user):
        why = f"{user.get_full_name()} is deactivated, or no longer appointed as {role.label.lower()}."
        raise Refused("not_at_work", why)


def _applied_for(steward: User, subject: Subject, now: dt.datetime) -> Deployment:
    return deployment_apply(
        actor=steward,
        name="Demonstration",
        place="Museum forecourt",
        ground=LocationGround.INTELLIGENCE,
        evidence="The sample footage shows the person sought at this place.",
        purpose="To show how the software works, on public-domain photographs of two public figures.",
        categories=[subject.category],
        starts_at=now,
        ends_at=now + WINDOW,
        pack=find(conf().pack).identifier,
        footfall=FOOTFALL,
        two_person=False,
        demo=True,
    )
