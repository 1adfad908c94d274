"""The operator's page: what waits for an answer, newest first, and one alert beside it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from watchlist.acts import running_acts_for
from watchlist.errors import NotFound
from watchlist.models import UNANSWERED, Alert, Decision, Deployment
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.alerts import alert_for, alerts_for
from watchlist.selectors.deployments import list_size
from watchlist.selectors.figures import figures_of
from watchlist.views.card import Card, card_of
from watchlist.views.page import SignedInRequest, page
from watchlist.views.recognition import noting_context
from watchlist.views.viewing import viewed_once

MOST_CLOSED = 20  # closed alerts shown under those that wait


@page
def operator(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = deployment_for(request.user, pk, Permission.ALERT_VIEW)
    asked = request.GET.get("alert")
    alert = _asked_for(request, deployment, asked) if asked else _newest_waiting(request, deployment)
    if alert is not None:
        viewed_once(request, what="alert", pk=alert.pk, purpose="adjudication", deployment=deployment)
    return operator_page(request, deployment, card_of(request.user, alert) if alert else None)


@page
def queue(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = deployment_for(request.user, pk, Permission.ALERT_VIEW)
    return render(request, "_queue.html", _queue(request, deployment))


@page
def totals(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = deployment_for(request.user, pk, Permission.ALERT_VIEW)
    return render(request, "_totals.html", _totals(deployment))


def operator_page(
    request: SignedInRequest, deployment: Deployment, card: Card | None, status: int = 200
) -> HttpResponse:
    context = {
        "deployment": deployment,
        "card": card,
        "running": running_acts_for(request.user, deployment),
        **_totals(deployment),
        **_queue(request, deployment),
        **(noting_context(request.user, deployment) if deployment.seeded_staff else {}),
    }
    return render(request, "operator.html", context, status=status)


def _queue(request: SignedInRequest, deployment: Deployment) -> dict[str, object]:
    alerts = alerts_for(request.user, deployment)
    waiting = list(alerts.filter(state__in=UNANSWERED))
    return {
        "deployment": deployment,
        "waiting": waiting,
        "mine": set(Decision.objects.filter(operator=request.user, alert__in=waiting).values_list("alert", flat=True)),
        "closed": list(alerts.exclude(state__in=UNANSWERED)[:MOST_CLOSED]),
    }


def _asked_for(request: SignedInRequest, deployment: Deployment, pk: str) -> Alert:
    """Raises NotFound for an alert of another deployment: it would stand under this one's name, and on its record."""
    alert = alert_for(request.user, pk, Permission.ALERT_VIEW)
    if alert.deployment_id != deployment.pk:
        raise NotFound("no_alert", "This deployment has no such alert.")
    return alert


def _newest_waiting(request: SignedInRequest, deployment: Deployment) -> Alert | None:
    return alerts_for(request.user, deployment, UNANSWERED).first()


def _totals(deployment: Deployment) -> dict[str, object]:
    """Figures with their base: alerts mean little without the faces they came from."""
    return {"deployment": deployment, "figures": figures_of(deployment), "list_size": list_size(deployment)}
