"""Counts and times for Prometheus, for whoever asks on the machine itself."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView

# Of a proxy, which would make every client a neighbour.
MARKS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP")


def metrics(request: HttpRequest) -> HttpResponse:
    """404 for everybody else, for what came through a proxy, and under any name but the machine's own."""
    if any(mark in request.headers for mark in MARKS) or not (_own(request.META["REMOTE_ADDR"]) and _own_name(request)):
        raise Http404
    return ExportToDjangoView(request)


def _own(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _own_name(request: HttpRequest) -> bool:
    name = urlsplit(f"//{request.get_host()}").hostname or ""
    return name == "localhost" or _own(name)
