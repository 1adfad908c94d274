"""Whoever is shown people's names in the admin is on the record, however the page came to be shown."""

import json
import re
from typing import Any

import pytest
from django.urls import reverse

from tests.cast import Cast, browser, make_draft, make_subject
from watchlist.models import AuditEntry, User
from watchlist.services.lists import list_add


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


def looks(user: User) -> list[dict[str, Any]]:
    entries = AuditEntry.objects.filter(action="record.viewed", actor=str(user.pk)).order_by("seq")
    return [json.loads(entry.body)["facts"] for entry in entries]


def test_opening_a_person_is_recorded_once(cast: Cast) -> None:
    subject = make_subject(cast)
    browser(cast.audrey).get(page("subject_change", subject.pk))
    assert looks(cast.audrey) == [{"what": "subject", "id": str(subject.pk), "purpose": "admin page"}]


@pytest.mark.parametrize("method", ["get", "post"])
def test_reading_the_list_is_recorded_without_what_was_searched_for(method: str, cast: Cast) -> None:
    make_subject(cast, name="Somebody Sought")
    shown = getattr(browser(cast.audrey), method)(page("subject_changelist") + "?q=Somebody")
    assert "Somebody Sought" in shown.content.decode()
    assert looks(cast.audrey) == [{"what": "subject list", "id": "page 1", "purpose": "admin page"}]


def test_whoever_chooses_whom_to_list_has_seen_all_who_could_be(cast: Cast) -> None:
    draft, _ = make_draft(cast), make_subject(cast, name="Somebody Sought")
    client, url = browser(cast.sam), page("deployment_add_entry", draft.pk)
    for shown in (client.get(url), client.post(url)):
        assert "Somebody Sought" in shown.content.decode()
    assert looks(cast.sam) == 2 * [{"what": "subject list", "id": "all", "purpose": "admin page"}]
    assert {entry.deployment for entry in AuditEntry.objects.filter(action="record.viewed")} == {draft.pk}


def test_a_form_shown_again_with_its_faults_shows_the_list_again(cast: Cast) -> None:
    draft, subject = make_draft(cast), make_subject(cast, name="Somebody Sought")
    list_add(actor=cast.sam, deployment=draft, subject=subject)
    client, url = browser(cast.sam), page("deployment_change", draft.pk)
    opened = client.get(url)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', opened.content.decode()))
    for shown in (opened, client.post(url, hidden)):
        assert "Somebody Sought" in shown.content.decode()
    assert looks(cast.sam) == 2 * [{"what": "list", "id": str(draft.pk), "purpose": "admin page"}]


def test_a_change_that_is_taken_shows_nothing_and_is_no_look(cast: Cast) -> None:
    subject = make_subject(cast)
    fields = {name: getattr(subject, name) for name in ("name", "record_number", "category", "legal_basis", "risk")}
    given = fields | {"expires_on": subject.expires_on.isoformat(), "instructions": "Call first."}
    assert browser(cast.sam).post(page("subject_change", subject.pk), given).status_code == 302
    assert looks(cast.sam) == []
