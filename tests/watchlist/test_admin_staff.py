"""Consenting staff in the admin: entered, corrected, withdrawn, and shown to whoever approves."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, browser, make_draft, make_listed_subject, make_live, make_staff
from watchlist.models import Kind, Subject
from watchlist.services.lists import list_add

ADD = "/admin/watchlist/subject/add/?kind=staff"


def page(subject: Subject) -> str:
    return reverse("admin:watchlist_subject_change", args=[subject.pk])


def fields(**changes: object) -> dict[str, object]:
    today = timezone.localdate()
    given = {"consented_on": f"{today:%d/%m/%Y}", "expires_on": f"{today + dt.timedelta(days=7):%d/%m/%Y}"}
    return {"name": "Kim", "record_number": "S-1"} | given | changes


def test_a_steward_enters_and_corrects_a_member_of_staff(cast: Cast) -> None:
    client = browser(cast.sam)
    blank = client.get(ADD).content.decode()
    added = client.post(ADD, fields())
    staff = Subject.objects.get(record_number="S-1")
    changed = client.post(page(staff), fields(name="Kim Colleague"))
    staff.refresh_from_db()

    assert "withdraw at any time" in blank
    assert 'name="category"' not in blank
    assert (added.status_code, added["Location"]) == (302, page(staff))
    assert (changed.status_code, staff.name, staff.kind) == (302, "Kim Colleague", Kind.STAFF)
    assert (
        "Add a consenting member of staff" in client.get(reverse("admin:watchlist_subject_changelist")).content.decode()
    )


def test_a_long_consent_is_refused_with_its_sentence(cast: Cast) -> None:
    late = timezone.localdate() + dt.timedelta(days=60)
    answer = browser(cast.sam).post(ADD, fields(expires_on=f"{late:%d/%m/%Y}")).content.decode()
    assert "A consent lasts at most 31 days" in answer
    assert not Subject.objects.exists()


def test_people_sought_are_entered_as_before(cast: Cast) -> None:
    blank = browser(cast.sam).get("/admin/watchlist/subject/add/").content.decode()
    assert 'name="category"' in blank
    assert 'name="consented_on"' not in blank


def test_a_steward_withdraws_a_consent_and_nobody_else(cast: Cast) -> None:
    staff = make_staff(cast)
    make_live(cast, make_listed_subject(cast), staff, seeded_staff=True)
    url = reverse("admin:watchlist_subject_withdraw", args=[staff.pk])
    offered = url in browser(cast.sam).get(page(staff)).content.decode()
    refused = browser(cast.audrey).post(url).status_code
    asked = browser(cast.sam).get(url).content.decode()
    done = browser(cast.sam).post(url)
    staff.refresh_from_db()
    after = browser(cast.sam).get(page(staff)).content.decode()

    assert (offered, refused, done.status_code) == (True, 403, 302)
    assert "nothing of it can be undone" in asked
    assert staff.consent_withdrawn_at is not None
    assert url not in after
    assert "(withdrawn)" in browser(cast.sam).get(reverse("admin:watchlist_subject_changelist")).content.decode()


def test_the_list_takes_staff_where_the_terms_say_so_and_the_approver_reads_it(cast: Cast) -> None:
    staff = make_staff(cast, name="Kim Colleague")
    without, draft = make_draft(cast), make_draft(cast, seeded_staff=True)
    offered = [
        "Kim Colleague"
        in browser(cast.sam).get(reverse("admin:watchlist_deployment_add_entry", args=[each.pk])).content.decode()
        for each in (without, draft)
    ]
    list_add(actor=cast.sam, deployment=draft, subject=staff)
    pages = [
        browser(cast.ada).get(reverse("admin:watchlist_deployment_approve", args=[each.pk])).content.decode()
        for each in (without, draft)
    ]

    assert offered == [False, True]
    assert "None are listed" in pages[0]
    assert "Are listed too, and noted as they pass" in pages[1]
    assert "Consenting member of staff, 1: Kim Colleague" in pages[1]
