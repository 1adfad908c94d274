"""One alert: its card, its pictures, and the answer to it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from watchlist.errors import IllegalTransition, InvalidInput, NotFound, Refused, StaleState, WatchlistError
from watchlist.forms import DecisionForm
from watchlist.models import Alert
from watchlist.permissions import Permission
from watchlist.selectors.alerts import Picture, alert_for, picture
from watchlist.services.decisions import alert_decide
from watchlist.views.card import card_of
from watchlist.views.operator import operator_page
from watchlist.views.page import SignedInRequest, act, page, wants_fragment
from watchlist.views.viewing import viewed_once


@page
def card(request: SignedInRequest, pk: UUID) -> HttpResponse:
    alert = alert_for(request.user, pk, Permission.ALERT_VIEW)
    if not wants_fragment(request):
        return redirect(_on_page(alert))
    viewed_once(request, what="alert", pk=alert.pk, purpose="adjudication", deployment=alert.deployment)
    return render(request, "_card.html", {"card": card_of(request.user, alert)})


@page
def alert_picture(request: SignedInRequest, pk: UUID, which: str) -> HttpResponse:
    """JPEG, for whoever may see the alert; never kept by a browser."""
    if which not in list(Picture):
        raise NotFound("no_picture", "An alert has no such picture.")
    alert = alert_for(request.user, pk)
    viewed_once(request, what="alert", pk=alert.pk, purpose="pictures", deployment=alert.deployment)
    return HttpResponse(picture(alert, Picture(which)), content_type="image/jpeg")


def _alert(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return redirect(_on_page(alert_for(request.user, pk, Permission.ALERT_VIEW)))


@act(page_of=_alert)
def decide(request: SignedInRequest, pk: UUID) -> HttpResponse:
    alert = alert_for(request.user, pk, Permission.ALERT_DECIDE)
    form = DecisionForm(request.POST)
    status, problem = 200, ""
    if not form.is_valid():
        status = InvalidInput.status
    else:
        try:
            alert_decide(
                actor=request.user,
                alert=alert,
                answer=form.cleaned_data["answer"],
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except InvalidInput as error:
            form.take(error)
            status = error.status
        except (IllegalTransition, Refused, StaleState) as error:
            status, problem = error.status, _too_late(error, alert)
    return _answered(request, pk, form, status, problem)


def _answered(request: SignedInRequest, pk: UUID, form: DecisionForm, status: int, problem: str) -> HttpResponse:
    """The alert as it stands now, read anew: whoever was first has decided what is shown."""
    alert = alert_for(request.user, pk, Permission.ALERT_VIEW)
    if wants_fragment(request):
        shown = card_of(request.user, alert, form if status == InvalidInput.status else None, problem)
        return render(request, "_card.html", {"card": shown}, status=status)
    if status == 200:
        return redirect(_on_page(alert))
    shown = card_of(request.user, alert, form if status == InvalidInput.status else None, problem)
    return operator_page(request, alert.deployment, shown, status=status)


def _too_late(error: WatchlistError, alert: Alert) -> str:
    if isinstance(error, Refused):
        return error.message
    return "Your answer was not taken: somebody else was first. What they answered stands on the alert."


def _on_page(alert: Alert) -> str:
    return f"{reverse('operator', args=[alert.deployment_id])}?alert={alert.pk}"
