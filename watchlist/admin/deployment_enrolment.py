"""How far a list is enrolled with its deployment's pack: what the page shows, and fetches anew while workers enrol."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from unfold.admin import ModelAdmin

from watchlist.admin.base import actor_of, as_http_error
from watchlist.admin.deployment_pages import DeploymentPage
from watchlist.errors import WatchlistError
from watchlist.models import Deployment, User
from watchlist.permissions import Permission, allowed, deployment_for
from watchlist.selectors.deployments import ENDED
from watchlist.selectors.enrolled import enrolment_of
from watchlist.services.templates import templates_retry


@require_GET
def enrolment_view(request: HttpRequest, pk: UUID, model_admin: ModelAdmin) -> HttpResponse:
    actor = actor_of(request)
    try:
        context = enrolment_context(actor, deployment_for(actor, pk, Permission.DEPLOYMENT_VIEW))
    except WatchlistError as error:
        raise as_http_error(error) from error
    return render(request, "admin/watchlist/deployment_enrolment.html", context)


def enrolment_context(actor: User, deployment: Deployment) -> dict[str, Any]:
    """Nothing of a deployment that has ended: nobody enrols its list any more."""
    if deployment.state in ENDED:
        return {}
    may_retry = allowed(actor, Permission.LIST_EDIT, deployment)
    return {
        "enrolment": enrolment_of(deployment),
        "enrolment_url": reverse("admin:watchlist_deployment_enrolment", args=[deployment.pk]),
        "images_open": allowed(actor, Permission.REFERENCE_VIEW),
        "retry_url": reverse("admin:watchlist_deployment_retry", args=[deployment.pk]) if may_retry else None,
    }


class Retry(DeploymentPage):
    form_class = forms.Form
    permission = Permission.LIST_EDIT
    title = "Try again to enrol the images of {name} that could not be"
    submit = "Try again"
    done = "They are tried again."

    def perform(self, fields: dict[str, Any]) -> None:
        templates_retry(actor=self.actor, deployment=self.target)


URLS = (
    ("<uuid:pk>/enrolment/", "watchlist_deployment_enrolment", enrolment_view),
    ("<uuid:pk>/enrolment/retry/", "watchlist_deployment_retry", Retry.as_view()),
)
