"""`manage.py enrol`: from a folder or a CSV file to checked references, row by row."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from tests.cast import Cast, make_cast, make_picture
from tests.recognition.portraits import collins, hopper, jpeg
from watchlist.models import AuditEntry, ReferenceImage, ReferenceState, Subject

if TYPE_CHECKING:
    import redis

OPTIONS = {
    "actor": "sam",
    "category": "wanted",
    "legal_basis": "warrant",
    "risk": "amber",
    "instructions": "Ask for a document.",
    "expires_on": (timezone.localdate() + timedelta(days=20)).isoformat(),
    "source": "custody",
    "taken_on": "2024-05-01",
}


@pytest.fixture
def staff(committed_db: None, redis_client: "redis.Redis") -> Cast:
    return make_cast()


def enrol(source: Path, **options: object) -> str:
    """What the command prints; its error with it, where it ends with one."""
    printed = io.StringIO()
    try:
        call_command("enrol", source, stdout=printed, **(OPTIONS | options))
    except CommandError as error:
        printed.write(f"{error} Exit code {error.returncode}.")
    return printed.getvalue()


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def write_csv(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_what_has_to_be_answered_is_told_in_words(staff: Cast, tmp_path: Path) -> None:
    write(tmp_path / "A-1" / "1.jpg", jpeg(collins()))
    write(tmp_path / "B-2" / "1.jpg", jpeg(collins().transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    printed = enrol(tmp_path, wait=True)
    told = [line for line in printed.splitlines() if "Enrolled" in line]
    assert sum("This person seems to be listed already, as someone else." in line for line in told) == 1
    assert "2 of 2 images enrolled, 0 rejected, 0 still being checked; 1 warning to be answered." in printed
    assert "No list is searched with an image before its warnings are answered, in the admin." in printed


def test_a_folder_for_each_person(staff: Cast, tmp_path: Path) -> None:
    write(tmp_path / "Eileen_Collins" / "1.jpg", jpeg(collins()))
    write(tmp_path / "Grace_Hopper" / "1.jpg", jpeg(hopper()))
    printed = enrol(tmp_path, wait=True)
    assert "2 of 2 rows accepted, 0 refused." in printed
    assert "2 of 2 images enrolled, 0 rejected, 0 still being checked; 0 warnings to be answered." in printed
    assert set(Subject.objects.values_list("name", "record_number")) == {
        ("Eileen Collins", "Eileen_Collins"),
        ("Grace Hopper", "Grace_Hopper"),
    }
    assert set(ReferenceImage.objects.values_list("state", flat=True)) == {ReferenceState.ENROLLED}
    assert AuditEntry.objects.filter(action="subject.created", actor=str(staff.sam.pk)).count() == 2


def test_a_rejected_image_is_told_and_ends_with_an_error(staff: Cast, tmp_path: Path) -> None:
    write(tmp_path / "Nobody" / "noise.jpg", make_picture())
    printed = enrol(tmp_path, wait=True)
    assert "Rejected" in printed
    assert "No face was found" in printed
    assert "0 rows were refused, 1 images were rejected. Exit code 1." in printed


def test_without_waiting_images_stay_pending(staff: Cast, tmp_path: Path) -> None:
    write(tmp_path / "Eileen_Collins" / "1.jpg", jpeg(collins()))
    enrol(tmp_path)
    assert ReferenceImage.objects.get().state == ReferenceState.PENDING


def test_each_row_of_a_csv_file_is_taken_whole_or_refused_with_the_reason(staff: Cast, tmp_path: Path) -> None:
    write(tmp_path / "a.jpg", make_picture())
    write(tmp_path / "b.jpg", make_picture())
    write(tmp_path / "empty.jpg", b"")
    source = write_csv(
        tmp_path / "list.csv",
        {"record_number": "R1", "name": "One", "image": "a.jpg|b.jpg", "category": "", "expires_on": ""},
        {"record_number": "R2", "name": "Two", "image": "a.jpg|missing.jpg", "category": "", "expires_on": ""},
        {"record_number": "R3", "name": "Three", "image": "", "category": "", "expires_on": ""},
        {"record_number": "R4", "name": "Four", "image": "a.jpg", "category": "loiterer", "expires_on": ""},
        {"record_number": "R5", "name": "Five", "image": "a.jpg", "category": "witness", "expires_on": ""},
        {"record_number": "R6", "name": "Six", "image": "a.jpg", "category": "", "expires_on": "soon"},
        {"record_number": "R7", "name": "Seven", "image": "a.jpg|empty.jpg", "category": "", "expires_on": ""},
        {"record_number": "", "name": "Eight", "image": "a.jpg", "category": "", "expires_on": ""},
        {"record_number": "R1", "name": "Somebody else", "image": "b.jpg", "category": "", "expires_on": ""},
    )
    printed = enrol(source)
    reasons = dict(line.split("refused", 1) for line in printed.splitlines() if " refused " in line and "line" in line)
    told = {place.split()[1]: reason.strip() for place, reason in reasons.items()}
    assert list(told) == ["3", "4", "5", "6", "7", "8", "9", "10"]
    assert "missing.jpg" in told["3"]
    assert told["4"] == "There is no picture."
    assert "not a valid choice" in told["5"]
    assert "justification" in told["6"]
    assert told["7"] == "expires_on must be a day such as 2026-01-31, not soon."
    assert "empty" in told["8"]
    assert told["9"] == "Give record_number in the row or as an option."
    assert told["10"] == "This record number is listed under another name."
    assert "1 of 9 rows accepted, 8 refused." in printed
    assert list(Subject.objects.values_list("record_number", flat=True)) == ["R1"]
    assert ReferenceImage.objects.count() == 2


def test_a_second_row_adds_to_the_same_person(staff: Cast, tmp_path: Path) -> None:
    write(tmp_path / "a.jpg", make_picture())
    write(tmp_path / "b.jpg", make_picture())
    rows = [{"record_number": "R1", "name": "One", "image": name} for name in ("a.jpg", "b.jpg")]
    enrol(write_csv(tmp_path / "list.csv", *rows))
    assert Subject.objects.get().references.count() == 2


def test_a_picture_that_is_there_already_is_not_taken_again(staff: Cast, tmp_path: Path) -> None:
    write(tmp_path / "One" / "a.jpg", make_picture())
    enrol(tmp_path)
    assert "This file is already there, added on" in enrol(tmp_path)
    write(tmp_path / "One" / "b.jpg", make_picture())
    assert "1 images, 1 already there" in enrol(tmp_path)
    assert Subject.objects.get().references.count() == 2


def test_what_is_missing_altogether_is_said_before_anything_is_done(staff: Cast, tmp_path: Path) -> None:
    assert "There is no folder or CSV file" in enrol(tmp_path / "nowhere")
    assert "make one for each person" in enrol(tmp_path)
    assert "image among them" in enrol(write(tmp_path / "x.csv", b"name,colour\n"))
    assert "no active user nemo" in enrol(tmp_path, actor="nemo")
    assert not Subject.objects.exists()


def test_only_a_steward_may(staff: Cast, tmp_path: Path) -> None:
    write(tmp_path / "One" / "a.jpg", make_picture())
    assert "Only the steward may do this." in enrol(tmp_path, actor="olga")
    assert not Subject.objects.exists()
