"""Counts and times for Prometheus, for whoever asks on the machine itself."""

from ipaddress import ip_address

from django.http import Http404, HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView


def metrics(request: HttpRequest) -> HttpResponse:
    """404 for everybody else, and for what comes through a proxy, which would make every client a neighbour."""
    if "X-Forwarded-For" in request.headers or not ip_address(request.META["REMOTE_ADDR"]).is_loopback:
        raise Http404
    return ExportToDjangoView(request)
