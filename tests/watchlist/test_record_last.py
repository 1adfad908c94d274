"""The record's lock is taken last: whatever an act did after it would keep every other writer waiting."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, browser, make_picture, make_subject
from watchlist.models import AuditEntry, ReferenceImage

WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(watchlist_(?!audit)\w+)"|FOR (NO KEY )?(UPDATE|SHARE)')


def several_images_in_the_admin(cast: Cast, folder: Path) -> None:
    files = [SimpleUploadedFile(f"{number}.jpg", make_picture(), "image/jpeg") for number in range(2)]
    url = reverse("admin:watchlist_subject_add_images", args=[make_subject(cast).pk])
    browser(cast.sam).post(url, {"images": files, "source": "custody", "taken_on": "2024-05-01"})


def a_new_person_from_a_folder(cast: Cast, folder: Path) -> None:
    (folder / "Somebody").mkdir()
    for number in range(2):
        (folder / "Somebody" / f"{number}.jpg").write_bytes(make_picture())
    call_command(
        "enrol",
        folder,
        stdout=StringIO(),
        actor="sam",
        category="wanted",
        legal_basis="warrant",
        risk="amber",
        instructions="Ask for a document.",
        expires_on=(timezone.localdate() + timedelta(days=20)).isoformat(),
        source="custody",
        taken_on="2024-05-01",
    )


def one_more_of_a_known_person_from_a_folder(cast: Cast, folder: Path) -> None:
    make_subject(cast, name="Somebody", record_number="Somebody")
    a_new_person_from_a_folder(cast, folder)


@pytest.mark.parametrize(
    "act", [several_images_in_the_admin, a_new_person_from_a_folder, one_more_of_a_known_person_from_a_folder]
)
def test_nothing_is_written_after_it(act: Callable[[Cast, Path], None], cast: Cast, tmp_path: Path) -> None:
    with CaptureQueriesContext(connection) as captured:
        act(cast, tmp_path)
    statements = [query["sql"] for query in captured.captured_queries]
    stored = next(at for at, sql in enumerate(statements) if 'INSERT INTO "watchlist_referenceimage"' in sql)
    locked = next(at for at, sql in enumerate(statements) if at > stored and "pg_advisory_xact_lock" in sql)
    assert [found.group() for sql in statements[locked:] if (found := WRITES.search(sql))] == []
    assert AuditEntry.objects.filter(action="reference.added").count() == ReferenceImage.objects.count() == 2
