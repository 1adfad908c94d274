"""How well it recognises here today: passages of consenting staff noted, corrected, and added up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from watchlist.errors import InvalidInput, Refused
from watchlist.forms import PassageCorrectForm, PassageNoteForm, PassageStrikeForm, ServiceForm
from watchlist.models import Deployment, DeploymentState, Passage, User
from watchlist.permissions import Permission, allowed, deployment_for
from watchlist.selectors.deployments import ENDED
from watchlist.selectors.passages import (
    cameras_past,
    passage_for,
    passages_for,
    recognition_of,
    staff_to_pass,
)
from watchlist.services.passages import passage_correct, passage_note, passage_strike
from watchlist.views.page import SignedInRequest, act, page, wants_fragment
from watchlist.views.viewing import viewed_once

MOST_SHOWN = 20


@page
def passages(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = deployment_for(request.user, pk, Permission.PASSAGE_VIEW)
    return _passages_page(request, deployment)


@page
def passages_list(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = deployment_for(request.user, pk, Permission.PASSAGE_VIEW)
    return render(request, "_passages.html", _listed(request, deployment))


@page
def recognition(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The rate alone: counts, and nobody's name."""
    deployment = deployment_for(request.user, pk, Permission.DEPLOYMENT_VIEW)
    return render(request, "_recognition.html", recognition_context(deployment))


@page
def passage(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return _passage_page(request, passage_for(request.user, pk))


def _deployment(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return redirect("passages", pk=deployment_for(request.user, pk, Permission.PASSAGE_VIEW).pk)


@act(page_of=_deployment)
def note(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = deployment_for(request.user, pk, Permission.PASSAGE_NOTE)
    form = PassageNoteForm(request.POST, deployment=deployment)
    if not form.is_valid():
        raise InvalidInput("invalid", form.sentence())
    passage_note(actor=request.user, deployment=deployment, now=timezone.now(), **form.cleaned_data)
    if wants_fragment(request):
        return HttpResponse(status=204)
    messages.success(request, f"Noted: {form.cleaned_data['subject'].name}, {form.cleaned_data['camera']}.")
    return redirect("passages", pk=deployment.pk)


def _passage(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return redirect("passage", pk=passage_for(request.user, pk).pk)


@act(page_of=_passage)
def correct(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = passage_for(request.user, pk, Permission.PASSAGE_NOTE)
    form = PassageCorrectForm(request.POST, deployment=found.deployment)
    if form.is_valid():
        try:
            passage_correct(actor=request.user, passage=found, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.take(error)
        else:
            messages.success(request, "Corrected.")
            return redirect("passages", pk=found.deployment_id)
    return _passage_page(request, found, correct_form=form, status=400)


@act(page_of=_passage)
def strike(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = passage_for(request.user, pk, Permission.PASSAGE_NOTE)
    form = PassageStrikeForm(request.POST)
    if form.is_valid():
        try:
            passage_strike(actor=request.user, passage=found, now=timezone.now(), **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.take(error)
        else:
            messages.success(request, "Struck out.")
            return redirect("passages", pk=found.deployment_id)
    return _passage_page(request, found, strike_form=form, status=400)


def recognition_context(deployment: Deployment) -> dict[str, Any]:
    return {"deployment": deployment, "recognition": recognition_of(deployment, timezone.now())}


def noting_context(user: User, deployment: Deployment) -> dict[str, Any]:
    """The rate, and the buttons for whoever notes passages while the deployment is live."""
    live = deployment.state == DeploymentState.LIVE
    notes = live and allowed(user, Permission.PASSAGE_NOTE, deployment)
    staff = staff_to_pass(deployment, timezone.now()) if notes else []
    return recognition_context(deployment) | {"notes": notes, "staff": staff, "cameras": cameras_past(deployment)}


def _listed(request: SignedInRequest, deployment: Deployment) -> dict[str, Any]:
    viewed_once(request, what="passages", pk=deployment.pk, purpose="recognition", deployment=deployment)
    told = passages_for(request.user, deployment, timezone.now())
    return {
        "deployment": deployment,
        "passages": told[:MOST_SHOWN],
        "count": len(told),
        "corrects": deployment.state not in ENDED and allowed(request.user, Permission.PASSAGE_NOTE, deployment),
    }


def _passages_page(request: SignedInRequest, deployment: Deployment) -> HttpResponse:
    context = noting_context(request.user, deployment) | _listed(request, deployment)
    return render(request, "passages.html", context)


def _passage_page(
    request: SignedInRequest,
    found: Passage,
    *,
    correct_form: ServiceForm | None = None,
    strike_form: ServiceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewed_once(request, what="passages", pk=found.deployment_id, purpose="recognition", deployment=found.deployment)
    initial = {"camera": found.camera, "subject": found.subject}
    context = {
        "deployment": found.deployment,
        "passage": found,
        "changes": found.struck_at is None
        and found.deployment.state not in ENDED
        and allowed(request.user, Permission.PASSAGE_NOTE, found.deployment),
        "correct_form": correct_form or PassageCorrectForm(deployment=found.deployment, initial=initial),
        "strike_form": strike_form or PassageStrikeForm(),
    }
    return render(request, "passage.html", context, status=status)
