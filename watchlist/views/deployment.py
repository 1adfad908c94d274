"""One deployment: its authority in plain words, the people, and the steps of its life."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from watchlist.acts import BY_VERB, acts_for, running_acts_for
from watchlist.errors import IllegalTransition, InvalidInput, NotFound, Refused, StaleState
from watchlist.models import Category, Deployment, Kind
from watchlist.permissions import Permission, allowed, deployment_for
from watchlist.selectors.deployments import list_size, listed, staff_listed
from watchlist.selectors.enrolled import enrolment_of
from watchlist.selectors.figures import figures_of
from watchlist.selectors.gallery import gallery_size
from watchlist.selectors.proposals import open_proposals
from watchlist.selectors.terms import terms_digest
from watchlist.views.page import SignedInRequest, act, page, wants_fragment
from watchlist.views.recognition import recognition_context


@page
def deployment(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = deployment_for(request.user, pk, Permission.DEPLOYMENT_VIEW)
    context = {
        "deployment": found,
        "categories": [Category(value).label for value in found.categories],
        "list_size": list_size(found),
        "listed": _listed(request, found),
        "images": gallery_size(found.pk),
        "enrolment": enrolment_of(found),
        "members": found.memberships.select_related("user"),
        "cameras": found.cameras.all(),
        "proposals": open_proposals(found),
        "acts": acts_for(request.user, found),
        "terms": terms_digest(found),
        "staff_listed": staff_listed(found),
        "figures": figures_of(found) if allowed(request.user, Permission.ALERT_VIEW, found) else None,
        **(recognition_context(found) if found.seeded_staff else {}),
    }
    return render(request, "deployment.html", context)


@page
def bar(request: SignedInRequest, pk: UUID) -> HttpResponse:
    found = deployment_for(request.user, pk, Permission.DEPLOYMENT_VIEW)
    return render(request, "_bar.html", {"deployment": found})


@page
def halt(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Who paused or closed it, when and why, for every page of a deployment."""
    found = deployment_for(request.user, pk, Permission.DEPLOYMENT_VIEW)
    return render(request, "_halt.html", {"deployment": found})


@page
def run(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The buttons of whoever runs a deployment, for pages that show them beside their own work."""
    found = deployment_for(request.user, pk, Permission.DEPLOYMENT_VIEW)
    return render(request, "_run.html", {"deployment": found, "running": running_acts_for(request.user, found)})


def _deployment(request: SignedInRequest, pk: UUID, verb: str) -> HttpResponse:
    return redirect("deployment", pk=deployment_for(request.user, pk, Permission.DEPLOYMENT_VIEW).pk)


@act(page_of=_deployment)
def take_step(request: SignedInRequest, pk: UUID, verb: str) -> HttpResponse:
    step = BY_VERB.get(verb)
    if step is None:
        raise NotFound("no_step", "A deployment has no such step.")
    found = deployment_for(request.user, pk, step.permission)
    asked = {"reason": step.needs_reason, "terms": step.on_terms}
    given = {name: request.POST.get(name, "") for name, needed in asked.items() if needed}
    if wants_fragment(request):
        step.run(actor=request.user, deployment=found, **given)
        return HttpResponse(status=204)
    try:
        step.run(actor=request.user, deployment=found, **given)
    except (IllegalTransition, InvalidInput, Refused, StaleState) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, step.done)
    return redirect(_back(request, found))


def _back(request: SignedInRequest, found: Deployment) -> str:
    """The page the step was taken from, if it is one of ours."""
    back = request.POST.get("back", "")
    if back and url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        return back
    return reverse("deployment", args=[found.pk])


def _listed(request: SignedInRequest, found: Deployment) -> dict[str, int]:
    """How many sought of each category, for whoever may know more than the length of the list."""
    if not allowed(request.user, Permission.LIST_VIEW, found):
        return {}
    sought = listed(request.user, found).filter(kind=Kind.SOUGHT)
    return dict(Counter(subject.get_category_display() for subject in sought))
