"""Starting and ending a stop."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from watchlist.errors import IllegalTransition, InvalidInput, Refused, StaleState
from watchlist.forms import StopEndForm, StopStartForm
from watchlist.models import Stop, StopState
from watchlist.permissions import Permission, allowed, deployment_for
from watchlist.selectors.alerts import alert_for
from watchlist.selectors.stops import officers_deployment, stop_to_end
from watchlist.services.stops import stop_end, stop_start
from watchlist.views.officer import officer_page
from watchlist.views.page import SignedInRequest, act


def _officer(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return redirect("officer", pk=officers_deployment(request.user, pk).pk)


def _stop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    stop = stop_to_end(request.user, pk)
    if stop.state == StopState.STARTED:
        return redirect(f"{reverse('officer', args=[stop.deployment_id])}?stop={stop.pk}")
    return redirect(_after(request, stop))


@act(page_of=_officer)
def start(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """On the alert named in the form, or without one."""
    deployment = deployment_for(request.user, pk, Permission.STOP_RECORD)
    asked = request.POST.get("alert") or None
    alert = alert_for(request.user, asked, Permission.ALERT_VIEW_CONFIRMED) if asked else None
    form = StopStartForm(request.POST, on_alert=alert is not None)
    if form.is_valid():
        try:
            stop_start(
                actor=request.user,
                deployment=deployment,
                alert=alert,
                grounds=form.cleaned_data["grounds"],
                now=timezone.now(),
            )
        except (InvalidInput, Refused, StaleState) as error:
            form.take(error)
        else:
            return redirect("officer", pk=deployment.pk)
    return officer_page(request, deployment, asked, start_form=form, status=400)


@act(page_of=_stop)
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    stop = stop_to_end(request.user, pk)
    form = StopEndForm(request.POST)
    if form.is_valid():
        try:
            stop_end(actor=request.user, stop=stop, now=timezone.now(), **form.cleaned_data)
        except (IllegalTransition, InvalidInput, Refused, StaleState) as error:
            form.take(error)
        else:
            messages.success(request, f"Stop recorded: {stop.get_outcome_display().lower()}, {stop.minutes} min.")
            return redirect(_after(request, stop))
    return officer_page(request, stop.deployment, ending=str(stop.pk), end_form=form, status=400)


def _after(request: SignedInRequest, stop: Stop) -> str:
    """Where an ended stop leads: for whoever may record none there any more it was the last they had to do."""
    if not allowed(request.user, Permission.STOP_RECORD, stop.deployment):
        return reverse("home")
    return reverse("officer", args=[stop.deployment_id])
