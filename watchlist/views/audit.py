"""The record, for auditors: what happened, filtered, and one entry with everything that was known then."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from watchlist.errors import NotFound
from watchlist.forms import AuditFilterForm
from watchlist.models import Alert, AuditEntry, Deployment, User
from watchlist.selectors.audit import entries_for, head
from watchlist.views.page import SignedInRequest, page
from watchlist.views.viewing import viewed_once

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the list shows it: ids said as names where they still have one."""

    entry: AuditEntry
    actor: str
    deployment: str
    facts: dict[str, Any]


@page
def audit(request: SignedInRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    entries = entries_for(request.user)
    if form.is_valid():
        entries = _filtered(entries, form.cleaned_data)
    shown = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    seq, digest = head()
    context = {
        "form": form,
        "page": shown,
        "lines": _lines(shown.object_list),
        "query": query.urlencode(),
        "head_seq": seq,
        "head_hash": digest,
        "actions": AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct(),
        "deployments": Deployment.objects.order_by("-starts_at").only("pk", "name"),
        "people": User.objects.order_by("username"),
    }
    return render(request, "audit.html", context)


@page
def audit_entry(request: SignedInRequest, seq: int) -> HttpResponse:
    entry = entries_for(request.user).filter(pk=seq).first()
    if entry is None:
        raise NotFound("no_entry", f"The record has no entry {seq}.")
    detail = getattr(entry, "detail", None)
    content = json.loads(entry.body)
    if detail is not None:
        viewed_once(request, what="audit_detail", pk=entry.seq, purpose="audit", deployment=None)
    [line] = _lines([entry])
    context = {
        "line": line,
        "content": content,
        "detail": json.loads(detail.text) if detail else None,
        "detail_destroyed": detail is None and content.get("detail") is not None,
        "alert_url": _alert_url(line.facts),
        "before": entries_for(request.user).filter(pk=seq - 1).first(),
        "after": entries_for(request.user).filter(pk=seq + 1).first(),
    }
    return render(request, "audit_entry.html", context)


def _filtered(entries: QuerySet[AuditEntry], wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    if wanted["deployment"]:
        entries = entries.filter(deployment=wanted["deployment"])
    if wanted["action"]:
        entries = entries.filter(action=wanted["action"])
    if wanted["actor"]:
        entries = entries.filter(actor=wanted["actor"])
    if wanted["mentions"]:
        entries = entries.filter(body__contains=wanted["mentions"])
    if wanted["day"]:
        start = dt.datetime.combine(wanted["day"], dt.time(), dt.UTC)
        entries = entries.filter(at__gte=start, at__lt=start + dt.timedelta(days=1))
    return entries


def _lines(entries: Any) -> list[Line]:
    people = {str(pk): name or username for pk, name, username in _people()}
    places = dict(Deployment.objects.filter(pk__in=[e.deployment for e in entries]).values_list("pk", "name"))
    return [
        Line(
            entry,
            people.get(entry.actor, entry.actor),
            places.get(entry.deployment, str(entry.deployment or "")),
            {name: _said(value) for name, value in json.loads(entry.body).get("facts", {}).items()},
        )
        for entry in entries
    ]


def _said(value: Any) -> Any:
    """As people write it: no brackets, no True or None."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(str(_said(each)) for each in value) or "none"
        case dict():
            return "; ".join(f"{name} {_said(each)}" for name, each in value.items()) or "none"
    return value


def _people() -> Any:
    return User.objects.values_list("pk", "display_name", "username")


def _alert_url(facts: dict[str, Any]) -> str | None:
    """The alert an entry is about, while it is still there."""
    try:
        pk = UUID(str(facts.get("alert")))
    except ValueError:
        return None
    deployment = Alert.objects.filter(pk=pk).values_list("deployment_id", flat=True).first()
    return f"{reverse('operator', args=[deployment])}?alert={pk}" if deployment else None
