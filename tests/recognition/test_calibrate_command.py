"""`manage.py calibrate`: from a folder of photographs to a calibration that thresholds rest on."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from tests.cast import PACK
from tests.commands import run
from tests.recognition.portraits import collins, hopper, jpeg
from watchlist.calibration import from_json
from watchlist.models import AuditEntry
from watchlist.selectors.calibrations import measured, newest_calibration

OPTIONS = {"source": "Some of LFW", "date": dt.date(2027, 1, 1), "splits": 2}
PEOPLE = 220  # half of them are enough to calibrate on, with two images or more of each


@pytest.fixture(scope="module")
def folder(faces_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    several = [own for own in sorted(faces_folder.iterdir()) if own.is_dir() and len(list(own.iterdir())) > 1]
    some = tmp_path_factory.mktemp("some")
    for number, own in enumerate(several[:PEOPLE]):
        (some / f"{number}").symlink_to(own)
    return some


def calibrated(folder: Path, *more: str) -> str:
    code, printed = run("calibrate", str(folder), *more, **OPTIONS)
    assert code == 0
    return printed


def test_it_is_stored_and_says_what_it_promises(folder: Path, db: None) -> None:
    printed = calibrated(folder)
    stored = newest_calibration(PACK)
    assert stored is not None
    assert (stored.source, stored.shipped) == ("Some of LFW", False)
    found = measured(stored)
    largest = found.largest_list()
    assert f"\n{largest:6,}  {found.threshold_for(templates=largest):9.4f}" in printed
    assert f"It can speak for lists of up to {largest}" in printed
    assert "2 times calibrated on a random half and tried on the other" in printed
    assert f"Stored as {stored.sha256[:12]}" in printed
    assert AuditEntry.objects.filter(action="calibration.stored").count() == 1


@pytest.mark.parametrize("where", ["--dry-run", "--out"])
def test_it_is_kept_nowhere_else(where: str, folder: Path, db: None, tmp_path: Path) -> None:
    out, before = tmp_path / "written.json", newest_calibration(PACK)
    report = json.loads(calibrated(folder, "--json", where, *([str(out)] if where == "--out" else [])))
    assert newest_calibration(PACK) == before
    assert not AuditEntry.objects.filter(action="calibration.stored").exists()
    assert (report["pack"], report["date"], report["people"] > PEOPLE * 0.9) == (PACK, "2027-01-01", True)
    for row in report["promises"]:
        assert row["lower"] <= row["share"] <= row["upper"]
    assert {"listed", "one_in", "within_factor", "ratio_mean"} <= set(report["other_people"][0])
    if where == "--out":
        assert from_json(out.read_text()).source == "Some of LFW"


def test_a_folder_that_is_too_small_is_refused_saying_what_is_needed(tmp_path: Path, db: None) -> None:
    for name, image in (("one", collins()), ("two", hopper())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.jpg").write_bytes(jpeg(image))
    with pytest.raises(CommandError, match="good face was found in 2 images, which give 2 people; at least 100 are"):
        calibrated(tmp_path)


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [(".", {"pack": "nobodys"}, "no pack named 'nobodys'"), ("absent", {}, "No such file"), (".", {}, "in 0 images")],
)
def test_what_is_not_there_is_told(name: str, options: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=told):
        run("calibrate", str(tmp_path / name), **OPTIONS | options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"jobs": 0}, "--splits and --jobs must be 1 or more"),
        ({"splits": 0}, "--splits and --jobs must be 1 or more"),
        ({"seed": -1}, "--seed must be 0 or more"),
        ({"out": Path("/absent/folder/written.json")}, "no folder to write /absent/folder/written.json into"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is_read(options: dict[str, Any], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        run("calibrate", "/no/such/folder", **OPTIONS | options)
