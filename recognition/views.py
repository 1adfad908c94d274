"""The camera page, and the footage that it can show instead of a camera."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from recognition.footage.sample import sample
from watchlist.acts import running_acts_for
from watchlist.errors import Refused
from watchlist.models import Deployment
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.cameras import places_of
from watchlist.selectors.deployments import gate
from watchlist.views.page import SignedInRequest, page

# With these no frame will be taken, however long the page waits; with others a camera can be set up before the start.
SHUT = frozenset({"not_approved", "closed", "after_window"})


@page
def camera(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = deployment_for(request.user, pk, Permission.FRAMES_SEND)
    context = {
        "deployment": deployment,
        "shut": _shut(deployment),
        "running": running_acts_for(request.user, deployment),
        # A list of real people is never tried out on footage.
        "footage_url": reverse("sample-footage") if deployment.demo else "",
    }
    return render(request, "camera.html", context | _places(deployment))


@page
def standing(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Why nothing can be started, where nothing can."""
    deployment = deployment_for(request.user, pk, Permission.FRAMES_SEND)
    return render(request, "_camera_standing.html", {"shut": _shut(deployment)})


@page
def places(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Where a camera can stand, and who sends from there now."""
    deployment = deployment_for(request.user, pk, Permission.FRAMES_SEND)
    return render(request, "_camera_places.html", _places(deployment))


@page
def sample_footage(request: SignedInRequest) -> HttpResponse:
    """The project's own footage."""
    return HttpResponse(sample().read_bytes(), content_type="video/webm")


def _places(deployment: Deployment) -> dict[str, Any]:
    found = places_of(deployment)
    return {"places": found, "first_free": next((place for place in found if not place.used_by), None)}


def _shut(deployment: Deployment) -> Refused | None:
    try:
        gate(deployment, timezone.now())
    except Refused as refusal:
        return refusal if refusal.code in SHUT else None
    return None
