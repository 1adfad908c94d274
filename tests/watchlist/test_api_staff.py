"""A program lists staff, notes their passages, and is told how well they are recognised."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, browser, camera_of, make_draft, make_live, make_reference, make_staff
from watchlist.models import Subject, User


def post(user: User, door: str, pk: Any = None, /, **body: Any) -> Any:
    url = reverse(f"api:{door}", args=[pk] if pk else [])
    return browser(user).post(url, body, content_type="application/json")


def test_from_the_entry_to_the_rate_and_the_withdrawal(cast: Cast) -> None:
    today = timezone.localdate()
    consent = {"consented_on": f"{today}", "expires_on": f"{today + dt.timedelta(days=7)}"}
    entered = post(cast.sam, "staff", name="Kim", record_number="S-1", **consent).json()
    staff = Subject.objects.get(pk=entered["id"])
    make_reference(cast, staff)
    colleague = make_staff(cast)
    live = make_live(cast, staff, colleague, seeded_staff=True)
    where = {"camera": str(camera_of(live).pk)}

    noted = post(cast.olga, "passages", live.pk, subject=str(staff.pk), **where)
    again = post(cast.olga, "passages", live.pk, subject=str(staff.pk), **where)
    passage = noted.json()["id"]
    corrected = post(cast.olga, "passage-correct", passage, subject=str(colleague.pk), reason="Wrong name.", **where)
    told = browser(cast.olga).get(reverse("api:passages", args=[live.pk])).json()
    struck = post(cast.olga, "passage-strike", passage, reason="They turned round.")
    rate = browser(cast.finn).get(reverse("api:recognition", args=[live.pk])).json()
    renewed = post(cast.sam, "staff-consent", staff.pk, **consent)
    gone = post(cast.sam, "staff-withdraw", staff.pk, withdrawn=True)

    assert (noted.status_code, again.status_code, again.json()["code"]) == (201, 409, "noted")
    assert (corrected.status_code, corrected.json()["subject"]) == (200, str(colleague.pk))
    assert [(each["passage"]["id"], each["outcome"]) for each in told] == [(passage, "running")]
    assert struck.json()["struck_at"] is not None
    assert rate == {
        "passages": 0,
        "recognised": 0,
        "rate": None,
        "low": 0.0,
        "high": 1.0,
        "people": 0,
        "more": 381,
        "running": 0,
        "cut_short": 0,
        "struck": 1,
        "unnoted": 0,
    }
    assert renewed.status_code == 200
    assert gone.json()["consent_withdrawn_at"] is not None
    assert post(cast.sam, "staff-withdraw", staff.pk, withdrawn=True).status_code == 409


def test_nothing_is_withdrawn_by_an_empty_body_or_by_no(cast: Cast) -> None:
    staff = make_staff(cast)
    for body in ({}, {"withdrawn": False}):
        assert post(cast.sam, "staff-withdraw", staff.pk, **body).status_code == 400
    staff.refresh_from_db()
    assert staff.consent_withdrawn_at is None


def test_a_camera_of_another_deployment_is_refused_at_its_field(cast: Cast) -> None:
    staff = make_staff(cast)
    live, other = make_live(cast, staff, seeded_staff=True), make_draft(cast)
    answer = post(cast.olga, "passages", live.pk, subject=str(staff.pk), camera=str(camera_of(other).pk))
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"camera": ["Choose one of this deployment's cameras."]}
