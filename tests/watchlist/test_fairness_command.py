"""`manage.py fairness`: groups of consenting staff compared by their passages, and nothing of the groups kept."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from tests.cast import Cast, camera_of, make_listed_subject, make_live, make_staff
from tests.watchlist.alerting import recorded
from watchlist.models import AuditEntry, Deployment, StaffSighting, Subject
from watchlist.passages import LEAD, LENGTH

SECRET = "quetzal"  # a word that stands nowhere else


@pytest.fixture
def staff(cast: Cast) -> list[Subject]:
    return [make_staff(cast, record_number=f"S{number}") for number in range(3)]


@pytest.fixture
def live(cast: Cast, staff: list[Subject]) -> Deployment:
    return make_live(cast, make_listed_subject(cast), *staff, seeded_staff=True)


def passages(live: Deployment, cast: Cast, person: Subject, recognised: int, of: int) -> None:
    """Some minutes apart, long over."""
    camera = camera_of(live)
    for number in range(of):
        noted = timezone.now() - dt.timedelta(minutes=10 + 2 * number)
        window = {"starts_at": noted - LEAD, "ends_at": noted - LEAD + LENGTH}
        live.passages.create(camera=camera, subject=person, noted_by=cast.olga, noted_at=noted, **window)
        if number < recognised:
            StaffSighting.objects.create(deployment=live, camera=camera, subject=person, captured_at=noted)


def written(folder: Path, text: str) -> Path:
    path = folder / "groups.csv"
    path.write_text(text)
    return path


def compared(live: Deployment, path: Path, *more: str, actor: str = "audrey", why: str = "Equality duty.") -> str:
    out = io.StringIO()
    options = ("--deployment", str(live.pk), "--groups", str(path), "--actor", actor, "--why", why)
    call_command("fairness", *options, *more, stdout=out)
    return out.getvalue()


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    return written(tmp_path, f"record_number,group\nS0,{SECRET}\nS1,other\n")


def test_too_few_passages_are_said_to_be_too_few(
    cast: Cast, live: Deployment, staff: list[Subject], groups: Path
) -> None:
    passages(live, cast, staff[0], 18, 20)
    passages(live, cast, staff[1], 8, 10)
    passages(live, cast, staff[2], 1, 4)
    said = compared(live, groups)
    found = json.loads(compared(live, groups, "--json"))

    assert f"other less {SECRET}: -0.10 (-0.42 to +0.15): not enough data to tell" in said
    assert "0.90 (0.70 to 0.97)" in said
    assert "each needs 234 passages" in said
    assert "4 passages of people without a group are left out" in said
    assert [each["passages"] for each in found["groups"]] == [10, 20]
    assert (found["needed_in_each"], found["differences"][0]["told"]) == (234, "not enough data to tell")


def test_enough_passages_tell_a_difference(cast: Cast, live: Deployment, staff: list[Subject], groups: Path) -> None:
    passages(live, cast, staff[0], 380, 400)
    passages(live, cast, staff[1], 300, 400)
    assert json.loads(compared(live, groups, "--json"))["differences"][0]["told"] == "different"


def test_a_group_without_a_passage_has_no_rate(
    cast: Cast, live: Deployment, staff: list[Subject], groups: Path
) -> None:
    passages(live, cast, staff[0], 2, 2)
    said = compared(live, groups)
    assert f"other less {SECRET}: not enough data to tell" in said
    assert "none" in said


def test_who_compared_and_why_is_on_the_record_and_no_group_anywhere(
    cast: Cast, live: Deployment, staff: list[Subject], groups: Path
) -> None:
    passages(live, cast, staff[0], 2, 2)
    compared(live, groups)
    entry = AuditEntry.objects.get(action="fairness.compared")

    assert recorded("fairness.compared") == [{"people": 2, "passages": 2}]
    assert (entry.actor, entry.deployment, json.loads(entry.detail.text)) == (
        str(cast.audrey.pk),
        live.pk,
        {"why": "Equality duty."},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{SECRET}%"])
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("record,group\nS0,a\n", "Line 1: name the columns record_number and group."),
        ("record_number,group\nS0,a\nS9,a\n", "Line 3: S9 is no member of staff on this deployment's list."),
        ("record_number,group\nS0,a\nS0,b\n", "Line 3: S0 stands in it twice."),
        ("record_number,group\nS0,\n", "Line 2: S0 has no group"),
        ("record_number,group\n ,a\n", "Line 2: there is no record number."),
        ("record_number,group\nS0\n", "Line 2: S0 has no group"),
        ("record_number,group\n", "There is nobody in it"),
        ("", "Line 1: name the columns"),
        ('record_number,group\nS0,"a\n', "this is not CSV"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(text: str, sentence: str, live: Deployment, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=sentence):
        compared(live, written(tmp_path, text))
    assert not recorded("fairness.compared")


def test_a_person_sought_is_in_no_group(cast: Cast, live: Deployment, tmp_path: Path) -> None:
    sought = live.entries.get(subject__kind="sought").subject
    with pytest.raises(CommandError, match="Line 2"):
        compared(live, written(tmp_path, f"record_number,group\n{sought.record_number},a\n"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"actor": "sam"}, "Only the auditor"),
        ({"actor": "nell"}, "no such deployment"),
        ({"actor": "nobody"}, "no active user nobody"),
        ({"why": " "}, "Say why"),
    ],
    ids=lambda each: str(each),
)
def test_only_an_auditor_compares_and_says_why(
    changes: dict[str, Any], sentence: str, live: Deployment, groups: Path
) -> None:
    with pytest.raises(CommandError, match=sentence):
        compared(live, groups, **changes)
    with pytest.raises(CommandError, match="cannot be read"):
        compared(live, groups.parent / "missing.csv")
