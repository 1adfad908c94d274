"""Files handed in for a subject: each once, known by its name until it is enrolled, cleared when it was rejected."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, browser, make_cast, make_pending, make_picture, make_reference, make_rejected, make_subject
from tests.racing import ROUNDS, at_once, refused, sound
from watchlist.errors import Refused
from watchlist.models import AuditDetail, AuditEntry, ReferenceImage, ReferenceState, Subject
from watchlist.selectors.references import file_name
from watchlist.services.references import reference_withdraw, references_clear_rejected
from watchlist.services.uploads import LONGEST_NAME, Upload, reference_add, references_add

NAME = "Erika Mustermann.jpg"
HANDED_IN: dict[str, Any] = {"source": "custody", "taken_on": dt.date(2024, 5, 1)}


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


def on_the_record() -> str:
    return "".join(
        [*AuditEntry.objects.values_list("body", flat=True), *AuditDetail.objects.values_list("text", flat=True)]
    )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (NAME, NAME),
        ("C:\\photographs\\a.jpg", "a.jpg"),
        ("../../etc/a.jpg", "a.jpg"),
        ("a\r\n\x00b\u202egpj.exe", "abgpj.exe"),
        ("x" * 500, "x" * LONGEST_NAME),
        ("", ""),
    ],
)
def test_a_name_is_kept_short_and_plain(sent: str, kept: str, cast: Cast) -> None:
    assert file_name(make_pending(cast, make_subject(cast), file_name=sent)) == kept


def test_a_name_is_sealed_and_on_no_record_and_in_no_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    reference = make_rejected(cast, make_subject(cast), NAME)
    reference.refresh_from_db()
    assert b"Mustermann" not in bytes(reference.file_name or b"")
    assert file_name(reference) == NAME
    references_clear_rejected(actor=cast.sam, subject=reference.subject)
    assert "Mustermann" not in on_the_record()
    assert "Mustermann" not in caplog.text + repr(Upload(b"data", NAME))


def test_a_name_goes_when_the_image_is_enrolled_or_withdrawn(cast: Cast) -> None:
    withdrawn = make_pending(cast, make_subject(cast), file_name=NAME)
    reference_withdraw(actor=cast.sam, reference=withdrawn, reason="The wrong person.")
    for reference in (make_reference(cast, make_subject(cast)), withdrawn):
        assert ReferenceImage.objects.get(pk=reference.pk).file_name is None


class TestClearing:
    def test_deletes_what_is_left_of_the_rejected_and_nothing_else(self, cast: Cast) -> None:
        subject, other = make_subject(cast), make_subject(cast)
        kept = [make_pending(cast, subject), make_reference(cast, subject), make_rejected(cast, other)]
        make_rejected(cast, subject)
        make_rejected(cast, subject)
        assert references_clear_rejected(actor=cast.sam, subject=subject) == 2
        assert set(ReferenceImage.objects.all()) == set(kept)
        facts = json.loads(AuditEntry.objects.get(action="references.cleared").body)["facts"]
        assert facts == {"subject": str(subject.pk), "cleared": 2, "reasons": {"no_face": 2}}
        with pytest.raises(Refused, match="no rejected image left"):
            references_clear_rejected(actor=cast.sam, subject=subject)

    def test_is_one_act_on_the_subjects_page(self, cast: Cast) -> None:
        subject = make_subject(cast)
        make_rejected(cast, subject, NAME)
        client, url = browser(cast.sam), page("subject_clear_rejected", subject.pk)
        assert url in client.get(page("subject_change", subject.pk)).content.decode()
        assert "1 rejected image:" in client.get(url).content.decode()
        assert client.post(url)["Location"] == page("subject_change", subject.pk) + "#images"
        assert url not in client.get(page("subject_change", subject.pk)).content.decode()
        assert not subject.references.exists()

    def test_is_not_offered_to_an_auditor(self, cast: Cast) -> None:
        subject = make_rejected(cast, make_subject(cast), NAME).subject
        client, url = browser(cast.audrey), page("subject_clear_rejected", subject.pk)
        shown = client.get(page("subject_change", subject.pk)).content.decode()
        assert NAME in shown
        assert url not in shown
        assert client.post(url).status_code == 403

    def test_counts_each_image_once_whoever_clears(self, committed_db: None) -> None:
        people = make_cast()
        for _ in range(ROUNDS):
            subject = make_subject(people)
            make_rejected(people, subject)
            results = at_once(*[lambda s=subject: references_clear_rejected(actor=people.sam, subject=s)] * 4)
            assert len(refused(results)) == 3
        assert sound()


def test_rejected_images_are_grouped_by_reason_with_their_names(cast: Cast) -> None:
    subject = make_subject(cast)
    for number in range(3):
        make_rejected(cast, subject, f"<i>{number}.jpg")
    shown = browser(cast.sam).get(page("subject_change", subject.pk)).content.decode()
    assert shown.count("Rejected: No face was found in it.") == 1
    assert all(f"&lt;i&gt;{number}.jpg" in shown for number in range(3))
    assert "0 enrolled, 3 rejected." in shown


class TestTheSameFileAgain:
    def test_is_refused_while_it_is_pending_or_enrolled(self, cast: Cast) -> None:
        for make in (make_pending, make_reference):
            data, subject = make_picture(), make_subject(cast)
            make(cast, subject, data=data)
            day = f"{timezone.localdate():%-d %B %Y}"
            with pytest.raises(Refused, match=f"This file is already there, added on {day}."):
                reference_add(actor=cast.sam, subject=subject, data=data, **HANDED_IN)
            assert subject.references.count() == 1

    def test_is_taken_after_a_withdrawal_and_under_somebody_else(self, cast: Cast) -> None:
        data, subject = make_picture(), make_subject(cast)
        reference_withdraw(actor=cast.sam, reference=make_reference(cast, subject, data=data), reason="Wrong day.")
        for person in (subject, make_subject(cast)):
            assert make_pending(cast, person, data).state == ReferenceState.PENDING

    def test_is_left_out_of_many(self, cast: Cast) -> None:
        subject, old, new = make_subject(cast), make_picture(), make_picture()
        make_reference(cast, subject, data=old)
        files = [Upload(old), Upload(new), Upload(new)]
        assert len(references_add(actor=cast.sam, subject=subject, files=files, **HANDED_IN)) == 1
        assert subject.references.count() == 2

    def test_is_told_on_the_page(self, cast: Cast) -> None:
        subject, old, new = make_subject(cast), make_picture(), make_picture()
        told = [self.sent(cast, subject, *files) for files in ([old], [old], [old, new])]
        assert "1 image is taken." in told[0]
        assert "This file is already there, added on" in told[1]
        assert "1 image is taken. 1 left out, which were there already." in told[2]

    def sent(self, cast: Cast, subject: Subject, *files: bytes) -> str:
        images = [SimpleUploadedFile(NAME, data, "image/jpeg") for data in files]
        url = page("subject_add_images", subject.pk)
        return browser(cast.sam).post(url, {"images": images, **HANDED_IN}, follow=True).content.decode()

    def test_is_taken_once_of_several_at_the_same_instant(self, committed_db: None) -> None:
        people = make_cast()
        for _ in range(ROUNDS):
            subject, data = make_subject(people), make_picture()
            results = at_once(*[lambda s=subject, d=data: make_pending(people, s, d)] * 4)
            assert len(refused(results)) == 3
            assert subject.references.count() == 1
        assert sound()
