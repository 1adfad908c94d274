"""How often enrolment asks, measured on people made of random numbers and, where they are, on real faces."""

import datetime as dt
from pathlib import Path

import pytest

from recognition.measuring.calibrating import calibrate
from recognition.measuring.likeness import fit, twice
from recognition.measuring.photographs import read_people
from recognition.packs.calibration import shipped
from recognition.packs.likelihood import fitting_threshold
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load
from tests.measuring.test_calibration import made_up_people


@pytest.fixture(scope="module")
def measured():
    photographs = made_up_people(110, images=4, seed=2)
    return photographs, calibrate(photographs, pack="made-up-1", source="random", date=dt.date(2026, 1, 1))


def test_a_foreign_image_is_asked_about_and_one_s_own_is_not(measured):
    photographs, calibration = measured
    first, *_, last = fit(photographs, threshold=fitting_threshold(calibration), most=3)
    assert (first.images, first.mated, last.images, last.mated) == (1, 440, 3, 440)
    assert first.mates_warned <= 0.02
    assert last.mates_warned <= first.mates_warned
    assert first.foreign_caught > 0.9
    assert first.foreign > 440 * 40


def test_nothing_fits_a_limit_that_none_reaches_and_everything_one_that_all_do(measured):
    photographs, _ = measured
    [never] = fit(photographs, threshold=1.1, most=1)
    [always] = fit(photographs, threshold=-1.1, most=1)
    assert (never.mates_warned, never.foreign_caught) == (1, 1)
    assert (always.mates_warned, always.foreign_caught) == (0, 0)


def test_a_person_listed_twice_is_told_from_one_who_is_new(measured):
    photographs, calibration = measured
    [row] = twice(photographs, calibration, listed=(20,), draws=20)
    assert (row.listed, row.twice, row.single) == (20, 20 * 20, 20 * 90)
    assert row.twice_as_one + row.twice_as_alike > 0.9
    assert row.single_as_one + row.single_as_alike < 0.1
    assert row.alike <= row.one_person


def test_on_real_faces_one_good_image_in_a_hundred_is_asked_about(faces_folder: Path, tmp_path: Path):
    """The shipped limit, on some of the people with several images; docs/accuracy.md has all of them."""
    folders = (each for each in sorted(faces_folder.iterdir()) if each.is_dir())
    several = [each for each in folders if len(list(each.iterdir())) > 1]
    for number, person in enumerate(several[::5]):
        (tmp_path / f"{number}").symlink_to(person)
    engine = load(DEFAULT_PACK, DEFAULT_CACHE)
    photographs = read_people(engine, tmp_path).photographs
    [row] = fit(photographs, threshold=fitting_threshold(shipped(engine.pack)), most=1)
    assert row.mates_warned < 0.02
    assert row.foreign_caught > 0.97
