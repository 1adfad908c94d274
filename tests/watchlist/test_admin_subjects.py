"""The steward's work in the admin: people listed, images handed in and withdrawn."""

import json
import re
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from tests.cast import Cast, browser, make_pending, make_picture, make_reference, make_subject
from watchlist import vault
from watchlist.models import AuditEntry, ReferenceImage, ReferenceState, Subject
from watchlist.services.references import reference_reject
from watchlist.services.uploads import MAX_UPLOAD_BYTES


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


def a_subject(**changes: str) -> dict[str, str]:
    return {
        "name": "Somebody Sought",
        "record_number": "W-1",
        "category": "wanted",
        "justification": "",
        "legal_basis": "warrant",
        "risk": "amber",
        "instructions": "Ask for a document.",
        "expires_on": (timezone.localdate() + timedelta(days=3)).isoformat(),
    } | changes


def test_a_person_is_listed_through_the_service(cast: Cast) -> None:
    response = browser(cast.sam).post(page("subject_add"), a_subject())
    subject = Subject.objects.get()
    assert response["Location"] == page("subject_change", subject.pk)
    assert subject.added_by == cast.sam
    created = AuditEntry.objects.get(action="subject.created")
    assert created.actor == str(cast.sam.pk)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"category": "loiterer"}, "Select a valid choice"),
        ({"category": "witness"}, "need a justification"),
        ({"expires_on": "2020-01-01"}, "This day has passed"),
        ({"category": ""}, "Choose the category."),
        ({"legal_basis": ""}, "Choose the legal basis."),
        ({"risk": ""}, "Choose the risk."),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_the_rules_refuse_is_told_in_the_form(changes: dict[str, str], told: str, cast: Cast) -> None:
    response = browser(cast.sam).post(page("subject_add"), a_subject(**changes))
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not Subject.objects.exists()
    assert not LogEntry.objects.exists()


def test_a_change_is_recorded_with_what_was_and_is(cast: Cast) -> None:
    subject = make_subject(cast)
    browser(cast.sam).post(page("subject_change", subject.pk), a_subject(risk="red"))
    subject.refresh_from_db()
    assert (subject.name, subject.risk) == ("Somebody Sought", "red")
    entry = AuditEntry.objects.get(action="subject.updated")
    assert "risk" in json.loads(entry.body)["facts"]["changed"]
    assert "Somebody" not in entry.body


def test_django_s_own_log_and_the_session_carry_no_names(cast: Cast) -> None:
    client = browser(cast.sam)
    client.post(page("subject_add"), a_subject())
    subject = Subject.objects.get()
    client.post(page("subject_change", subject.pk), a_subject(name="Another Name"))
    entries = [" ".join((entry.object_repr, entry.change_message)) for entry in LogEntry.objects.all()]
    assert len(entries) == 2
    for text in [*entries, json.dumps(dict(client.session)), client.cookies.output()]:
        assert "Somebody" not in text
        assert "Another" not in text
        assert "W-1" not in text


@pytest.fixture
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where whatever is spooled would land."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def upload(cast: Cast, subject: Subject, *files: bytes, taken_on: str = "2024-05-01") -> Any:
    return browser(cast.sam).post(
        page("subject_add_images", subject.pk),
        {
            "images": [SimpleUploadedFile(f"{number}.jpg", data, "image/jpeg") for number, data in enumerate(files)],
            "source": "custody",
            "taken_on": taken_on,
        },
    )


@pytest.mark.parametrize("count", [1, 4])
def test_images_are_handed_in_one_or_many_at_a_time(count: int, cast: Cast) -> None:
    subject = make_subject(cast)
    files = [make_picture() for _ in range(count)]
    assert upload(cast, subject, *files)["Location"] == page("subject_change", subject.pk) + "#images"
    references = list(subject.references.all())
    assert len(references) == count
    assert {reference.state for reference in references} == {ReferenceState.PENDING}
    opened = {
        vault.unseal(bytes(r.image or b""), key=vault.LIST_KEY, context=vault.place(r, "image")) for r in references
    }
    assert opened == set(files)
    assert AuditEntry.objects.filter(action="reference.added").count() == count


def test_a_large_upload_touches_no_disk(cast: Cast, temporary_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django spools files above 2.5 MB, and whole requests under ASGI, unless told otherwise."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("A temporary file was opened.")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    subject = make_subject(cast)
    large = make_picture() + bytes(8 * 1024 * 1024)
    assert upload(cast, subject, large).status_code == 302
    assert subject.references.count() == 1


def test_all_files_are_taken_or_none(cast: Cast) -> None:
    subject = make_subject(cast)
    too_large = bytes(MAX_UPLOAD_BYTES + 1)
    response = upload(cast, subject, make_picture(), too_large)
    assert response.status_code == 200
    assert "1.jpg: The file is over 10 MB" in response.content.decode()
    assert not subject.references.exists()
    assert not AuditEntry.objects.filter(action="reference.added").exists()


def test_the_form_says_how_much_it_takes_and_its_script_knows(cast: Cast) -> None:
    shown = browser(cast.sam).get(page("subject_add_images", make_subject(cast).pk)).content.decode()
    assert "at most 500 files, 10 MB each and 63 MB together" in shown
    assert f'data-most-files="500" data-most-bytes="{63 * 2**20}" data-each-bytes="{10 * 2**20}"' in shown
    assert re.search(r'<script src="[^"]*js/admin/images[^"]*" type="module">', shown)


def test_more_files_than_are_taken_are_refused_with_a_sentence(cast: Cast, settings: Any) -> None:
    subject = make_subject(cast)
    assert upload(cast, subject, *(str(number).encode() for number in range(101))).status_code == 302
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    response = upload(cast, subject, *[b"x"] * 4)
    assert response.status_code == 400
    assert "Send at most 3 files at a time: go back and choose fewer." in response.content.decode()


def test_an_upload_without_a_file_or_from_the_future_is_told(cast: Cast) -> None:
    subject = make_subject(cast)
    assert "This field is required" in upload(cast, subject).content.decode()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "in the future" in upload(cast, subject, make_picture(), taken_on=tomorrow).content.decode()
    assert "The submitted file is empty" in upload(cast, subject, b"").content.decode()
    assert not subject.references.exists()


def test_the_page_says_what_became_of_each_image(cast: Cast) -> None:
    subject = make_subject(cast)
    make_pending(cast, subject)
    make_reference(cast, subject)
    reference_reject(reference=make_pending(cast, subject), code="no_face", reason="No face was found in it.")
    content = browser(cast.sam).get(page("subject_change", subject.pk)).content.decode()
    assert "Being checked" in content
    assert "Enrolled" in content
    assert "Rejected: No face was found in it." in content
    assert content.count("portrait.jpg") == 1


def test_the_quality_of_an_image_is_shown_with_what_is_required(cast: Cast) -> None:
    subject = make_subject(cast)
    reference = make_reference(cast, subject)
    ReferenceImage.objects.filter(pk=reference.pk).update(quality={"inter_eye": 43.7, "yaw": 0.81, "value": 0.87})
    for address in (page("subject_change", subject.pk), page("referenceimage_change", reference.pk)):
        text = strip_tags(browser(cast.sam).get(address).content.decode())
        assert "Quality: 87 %" in text
        assert re.search(r"Distance between the eyes\s*43 pixels\s*at least 24", text)
        assert re.search(r"Turn to the side\s*0.81 on a scale.*at most 0.75 \(not met\)", text)
        assert "Sharpness" not in text  # what was not measured is not made up


def test_the_images_alone_are_fetched_anew_without_another_look_on_the_record(cast: Cast) -> None:
    subject = make_subject(cast)
    reference = make_pending(cast, subject)
    client = browser(cast.sam)
    opened = client.get(page("subject_change", subject.pk)).content.decode()
    url = page("subject_images", subject.pk)
    assert f'data-follow="{url}"' in opened
    assert "data-pending" in opened
    reference_reject(reference=reference, code="no_face", reason="No face was found in it.")
    fetched = client.get(url)
    assert "Rejected: No face was found in it." in fetched.content.decode()
    assert "data-pending" not in fetched.content.decode()
    assert "no-store" in fetched["Cache-Control"]
    assert AuditEntry.objects.filter(action="record.viewed").count() == 1


@pytest.mark.parametrize(
    ("name", "status"), [("sam", 200), ("audrey", 200), ("ada", 403), ("adam", 403), ("olga", 302), ("nell", 302)]
)
def test_the_images_alone_are_for_those_who_may_see_them(name: str, status: int, cast: Cast) -> None:
    url = page("subject_images", make_subject(cast).pk)
    assert browser(getattr(cast, name)).get(url).status_code == status


def test_pictures_are_opened_for_a_steward_never_cached_and_each_look_recorded(cast: Cast) -> None:
    reference = make_reference(cast, make_subject(cast))
    response = browser(cast.sam).get(page("referenceimage_picture", reference.pk, "portrait"))
    assert response["Content-Type"] == "image/jpeg"
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"\xff\xd8\xff")
    facts = json.loads(AuditEntry.objects.get(action="record.viewed").body)["facts"]
    assert facts == {"what": "reference.portrait", "id": str(reference.pk), "purpose": "admin page"}


@pytest.mark.parametrize("name", ["ada", "adam", "olga", "nell"])
def test_pictures_are_refused_to_others(name: str, cast: Cast) -> None:
    reference = make_reference(cast, make_subject(cast))
    response = browser(getattr(cast, name)).get(page("referenceimage_picture", reference.pk, "image"))
    assert response.status_code == (403 if name in ("ada", "adam") else 302)
    assert not AuditEntry.objects.filter(action="record.viewed").exists()


def test_an_image_is_withdrawn_with_a_reason(cast: Cast) -> None:
    reference = make_reference(cast, make_subject(cast))
    client = browser(cast.sam)
    assert client.post(page("referenceimage_withdraw", reference.pk), {"reason": ""}).status_code == 200
    client.post(page("referenceimage_withdraw", reference.pk), {"reason": "The person was found."})
    reference.refresh_from_db()
    assert (reference.state, reference.image) == (ReferenceState.WITHDRAWN, None)
    assert not reference.templates.exists()
    assert client.get(page("referenceimage_picture", reference.pk, "image")).status_code == 404
