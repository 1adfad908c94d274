"""Where a person starts: their deployments, and in which roles."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from watchlist.doors import Door, doors_of
from watchlist.models import Deployment, Role
from watchlist.permissions import roles_of
from watchlist.selectors.deployments import ENDED, deployments_of
from watchlist.selectors.stops import running_stops
from watchlist.views.page import SignedInRequest, page

MOST_ENDED = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A deployment, as it concerns one person."""

    deployment: Deployment
    roles: list[str]
    doors: list[Door]


@page
def home(request: SignedInRequest) -> HttpResponse:
    mine = deployments_of(request.user)
    context = {
        "stops": running_stops(request.user),
        "roles": [role.label for role in Role if role in roles_of(request.user)],
        "current": [_place(request, each) for each in mine.exclude(state__in=ENDED).order_by("starts_at")],
        "ended": [_place(request, each) for each in mine.filter(state__in=ENDED).order_by("-closed_at")[:MOST_ENDED]],
    }
    return render(request, "home.html", context)


def _place(request: SignedInRequest, deployment: Deployment) -> Place:
    held = roles_of(request.user, deployment)
    doors = [door for door in doors_of(request.user, deployment) if f"/{deployment.pk}/" in door.url]
    return Place(deployment, [role.label for role in Role if role in held], doors)
