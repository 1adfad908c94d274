"""Consenting staff on the watch-list: entered with their consent, short-lived, and gone once they withdraw."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cast import (
    Cast,
    approve,
    make_alert,
    make_draft,
    make_listed_subject,
    make_live,
    make_pending,
    make_rejected,
    make_staff,
    seen,
)
from tests.watchlist.alerting import recorded
from watchlist.errors import InvalidInput, Refused
from watchlist.models import LONGEST_CONSENT, Alert, AlertState, Kind, ReferenceState, StaffSighting, Subject
from watchlist.selectors.alerts import Picture, picture
from watchlist.selectors.deployments import list_size, staff_listed
from watchlist.selectors.gallery import gallery_rows, gallery_size
from watchlist.selectors.terms import terms_digest
from watchlist.services.deployments import deployment_update
from watchlist.services.lists import list_add
from watchlist.services.staff import consent_withdraw, staff_create, staff_update
from watchlist.services.subjects import subject_create, subject_update

DAY = dt.timedelta(days=1)


def entered(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    fields = {"name": "Kim", "record_number": "S", "consented_on": today, "expires_on": today + 7 * DAY}
    return fields | changes


def test_an_entry_holds_the_consent_and_nothing_to_do(cast: Cast) -> None:
    staff = Subject.objects.get(pk=staff_create(actor=cast.sam, **entered()).pk)
    [facts] = recorded("staff.created")

    assert (staff.kind, staff.legal_basis, staff.added_by) == (Kind.STAFF, "consent", cast.sam)
    assert (staff.category, staff.risk, staff.instructions) == ("", "", "")
    assert staff.listed_as == "Consenting member of staff"
    assert facts == {
        "subject": str(staff.pk),
        "legal_basis": "consent",
        "consented_on": timezone.localdate().isoformat(),
    }


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"consented_on": None}, "consented_on", "Give the day"),
        ({"consented_on": timezone.localdate() + DAY}, "consented_on", "still to come"),
        ({"expires_on": timezone.localdate() - DAY, "consented_on": timezone.localdate() - 9 * DAY}, "expires_on", ""),
        ({"expires_on": timezone.localdate() + LONGEST_CONSENT + DAY}, "__all__", "at most 31 days"),
        ({"name": ""}, "name", ""),
    ],
)
def test_without_a_short_and_present_consent_nobody_is_entered(
    changes: dict[str, Any], field: str, sentence: str, cast: Cast
) -> None:
    with pytest.raises(InvalidInput) as caught:
        staff_create(actor=cast.sam, **entered(**changes))
    assert list(caught.value.fields) == [field]
    assert sentence in caught.value.message


@pytest.mark.parametrize(
    "changes",
    [
        {"consented_on": None},
        {"legal_basis": "warrant"},
        {"category": "wanted"},
        {"risk": "red"},
        {"instructions": "Stop them."},
        {"kind": "sought"},
        {"kind": "other"},
        {"expires_on": timezone.localdate() + LONGEST_CONSENT + DAY},
        {"expires_on": timezone.localdate() - DAY},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_the_database_holds_no_staff_otherwise(changes: dict[str, Any], cast: Cast) -> None:
    staff = make_staff(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subject.objects.filter(pk=staff.pk).update(**changes)


def test_nobody_sought_becomes_staff_or_loses_their_category(cast: Cast) -> None:
    sought = make_listed_subject(cast)
    for changes in ({"kind": "staff"}, {"category": ""}, {"consented_on": timezone.localdate()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Subject.objects.filter(pk=sought.pk).update(**changes)
    with pytest.raises(InvalidInput):
        subject_create(actor=cast.sam, **entered())


def test_what_is_said_of_people_sought_is_not_said_of_staff(cast: Cast) -> None:
    with pytest.raises(Refused, match="consenting member of staff"):
        subject_update(actor=cast.sam, subject=make_staff(cast), risk="red")
    with pytest.raises(Refused, match="person sought"):
        consent_withdraw(actor=cast.sam, subject=make_listed_subject(cast), now=timezone.now())


def test_only_a_deployment_whose_terms_say_so_takes_staff(cast: Cast) -> None:
    staff, draft = make_staff(cast), make_draft(cast)
    with pytest.raises(Refused) as caught:
        list_add(actor=cast.sam, deployment=draft, subject=staff)
    before = terms_digest(draft)
    draft = deployment_update(actor=cast.sam, deployment=draft, seeded_staff=True)
    asked = terms_digest(draft)
    list_add(actor=cast.sam, deployment=draft, subject=staff)
    draft.refresh_from_db()

    assert caught.value.code == "no_staff"
    assert len({before, asked, terms_digest(draft)}) == 3
    assert (list_size(draft), staff_listed(draft), gallery_size(draft.pk)) == (0, 1, 1)
    assert recorded("deployment.updated")[-1]["seeded_staff"] is True


def test_an_approver_who_entered_all_those_sought_is_not_helped_by_staff_of_others(cast: Cast) -> None:
    sought = make_listed_subject(cast)
    Subject.objects.filter(pk=sought.pk).update(added_by=cast.ada)
    draft = make_draft(cast, seeded_staff=True)
    for subject in (sought, make_staff(cast)):
        list_add(actor=cast.sam, deployment=draft, subject=subject)
    with pytest.raises(Refused, match="another must approve"):
        approve(cast.ada, draft)


class TestWithdrawing:
    def test_it_takes_the_person_off_every_list_and_destroys_every_picture(self, cast: Cast) -> None:
        staff, now = make_staff(cast), timezone.now()
        lists = [make_live(cast, make_listed_subject(cast), staff, seeded_staff=True) for _ in range(2)]
        versions = [each.gallery_version for each in lists]
        alert = make_alert(lists[0], **seen(staff))
        pending, rejected = make_pending(cast, staff), make_rejected(cast, staff, file_name="kim.jpg")

        consent_withdraw(actor=cast.sam, subject=staff, now=now)

        for each in lists:
            each.refresh_from_db()
            assert str(staff.pk) not in {row.subject_id for row in gallery_rows(each.pk)}
        assert [each.gallery_version for each in lists] == [version + 1 for version in versions]
        assert not staff.entries.filter(removed_at=None).exists()
        images = staff.references.exclude(pk=rejected.pk)
        assert {image.state for image in images} == {ReferenceState.WITHDRAWN}
        assert pending in images
        for image in staff.references.all():
            assert (image.image, image.portrait, image.file_name) == (None, None, None)
            assert not image.templates.exists()
        alert.refresh_from_db()
        assert (alert.state, bytes(alert.probe), bytes(alert.portrait)) == (AlertState.EXPIRED, b"", b"")
        for which in Picture:
            with pytest.raises(Exception, match="destroyed"):
                picture(alert, which)
        assert recorded("consent.withdrawn") == [
            {"subject": str(staff.pk), "lists": 2, "images": 2, "alerts_without_pictures": 1}
        ]
        assert recorded("alert.expired")[-1]["why"] == "delisted"

    def test_afterwards_nothing_but_a_new_consent_lists_them_again(self, cast: Cast) -> None:
        staff, draft = make_staff(cast), make_draft(cast, seeded_staff=True)
        consent_withdraw(actor=cast.sam, subject=staff, now=timezone.now())
        with pytest.raises(Refused, match="already"):
            consent_withdraw(actor=cast.sam, subject=staff, now=timezone.now())
        with pytest.raises(Refused, match="withdrawn their consent"):
            list_add(actor=cast.sam, deployment=draft, subject=staff)
        with pytest.raises(InvalidInput, match="consented anew"):
            staff_update(actor=cast.sam, subject=staff, consented_on=timezone.localdate() - DAY)

        staff_update(actor=cast.sam, subject=staff, expires_on=timezone.localdate() + 9 * DAY)
        list_add(actor=cast.sam, deployment=draft, subject=staff)
        assert draft.entries.filter(removed_at=None).count() == 1


def test_the_database_keeps_officers_from_stopping_staff_and_sightings_of_the_sought(cast: Cast) -> None:
    staff, sought = make_staff(cast), make_listed_subject(cast)
    live = make_live(cast, sought, staff, seeded_staff=True)
    alert = make_alert(live, **seen(staff))
    where = {"deployment": live, "camera": live.cameras.get()}
    for attempt in (
        lambda: live.stops.create(officer=cast.finn, alert=alert, grounds=["alert"], started_at=timezone.now()),
        lambda: Alert.objects.filter(pk=alert.pk).update(seeded=False),
        lambda: StaffSighting.objects.create(subject=sought, captured_at=timezone.now(), **where),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
