"""On what does a benchmark measure? A deployment of its own, made by the demo's people through ordinary services."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from rest_framework.authtoken.models import Token

from recognition.conf import conf
from recognition.demo.sought import demo_subject
from recognition.packs.registry import find
from watchlist.models import Alert, Answer, Deployment, LocationGround, Role, User
from watchlist.selectors.terms import terms_digest
from watchlist.services.decisions import alert_decide
from watchlist.services.deployments import deployment_apply, deployment_approve, deployment_close, deployment_start
from watchlist.services.lists import list_add
from watchlist.services.staffing import camera_add, member_add


def live_deployment(cameras: int) -> tuple[Deployment, str]:
    """Made by the demo's people, and the token of its operator."""
    if not settings.LFR_DEMO:
        raise CommandError(
            "This server has no demo people: measure on one that was started with its embedded database."
        )
    people = {user.username: user for user in User.objects.all()}
    steward, operator, now = people["steward"], people["operator"], timezone.now()
    subject = demo_subject(steward)
    deployment = deployment_apply(
        actor=steward,
        name="Benchmark",
        place="Nowhere",
        ground=LocationGround.INTELLIGENCE,
        evidence="Frames made by benchmarks/cameras.py.",
        purpose="To measure this server.",
        categories=[subject.category],
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        pack=find(conf().pack).identifier,
        footfall=1,
        two_person=False,
        quiet_seconds=0,
        demo=True,
    )
    for user, role in ((people["authoriser"], Role.AUTHORISER), (operator, Role.OPERATOR)):
        member_add(actor=steward, deployment=deployment, user=user, role=role)
    for number in range(cameras):
        camera_add(actor=steward, deployment=deployment, name=f"Camera {number + 1:02}")
    list_add(actor=steward, deployment=deployment, subject=subject)
    deployment.refresh_from_db()
    deployment_approve(actor=people["authoriser"], deployment=deployment, terms=terms_digest(deployment))
    deployment_start(actor=operator, deployment=deployment)
    return deployment, Token.objects.get_or_create(user=operator)[0].key


def close(deployment: Deployment) -> None:
    deployment.refresh_from_db()
    deployment_close(actor=User.objects.get(username="operator"), deployment=deployment, reason="Measured.")


def dismiss(pk: str) -> str:
    alert = Alert.objects.select_related("deployment").get(pk=pk)
    operator = User.objects.get(username="operator")
    alert_decide(actor=operator, alert=alert, answer=Answer.DIFFERENT, reason="Benchmark.", now=timezone.now())
    return str(alert.camera_id)
