"""The camera page, and the footage that it can show instead of a camera."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from recognition.footage.sample import sample
from watchlist.acts import running_acts_for
from watchlist.permissions import Permission, deployment_for
from watchlist.views.page import SignedInRequest, page


@page
def camera(request: SignedInRequest, pk: UUID) -> HttpResponse:
    deployment = deployment_for(request.user, pk, Permission.FRAMES_SEND)
    context = {
        "deployment": deployment,
        "cameras": deployment.cameras.order_by("name"),
        "running": running_acts_for(request.user, deployment),
        # A list of real people is never tried out on footage.
        "footage_url": reverse("sample-footage") if deployment.demo else "",
    }
    return render(request, "camera.html", context)


@page
def sample_footage(request: SignedInRequest) -> HttpResponse:
    """The project's own footage."""
    return HttpResponse(sample().read_bytes(), content_type="video/webm")
