"""Stored calibrations: which one counts, and that none is ever changed."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from lfrweb.database_roles import as_owner
from recognition.enrolment import warning_limits
from recognition.packs.calibration import shipped
from tests.cast import PACK, Cast, approve, make_draft, make_listed_subject, make_live
from tests.watchlist.alerting import recorded
from watchlist.calibration import Calibration as Measured
from watchlist.calibration import Frames
from watchlist.errors import Refused
from watchlist.models import AuditDetail, Calibration, Deployment
from watchlist.selectors.calibrations import calibration_for, measured, newest_calibration
from watchlist.services.calibrations import calibration_enter_shipped, calibration_store
from watchlist.services.deployments import deployment_start
from watchlist.services.lists import list_add
from watchlist.templatetags.false_alerts import unlike_by_chance

DEFAULT = shipped(PACK)
DAY = dt.date(2027, 1, 1)


def harder(factor: float, source: str = "Our own street") -> Measured:
    """As the default pack's, on people who are so many times as often alike."""
    curve = DEFAULT.non_mated
    worse = {
        name: tuple(min(1.0, share * factor) for share in getattr(curve, name)) for name in ("shares", "lower", "upper")
    }
    return replace(DEFAULT, source=source, date=DAY, non_mated=replace(curve, **worse))


def test_the_default_packs_comes_with_the_database(db: None) -> None:
    stored = newest_calibration(PACK)
    assert stored is not None
    assert (measured(stored), stored.shipped, stored.measured_on) == (DEFAULT, True, DEFAULT.date)


def test_entering_it_again_changes_nothing(db: None) -> None:
    before = list(Calibration.objects.values())
    calibration_enter_shipped(DEFAULT)
    assert list(Calibration.objects.values()) == before


def test_one_measured_here_counts_and_stands_on_the_record(db: None) -> None:
    stored = calibration_store(harder(2))
    assert newest_calibration(PACK) == stored
    assert recorded("calibration.stored") == [{"pack": PACK, "sha256": stored.sha256, "measured_on": DAY.isoformat()}]
    detail = AuditDetail.objects.get(entry__action="calibration.stored")
    assert json.loads(detail.text) == {"source": "Our own street"}


def test_storing_the_same_again_is_no_act(db: None) -> None:
    assert calibration_store(harder(2)) == calibration_store(harder(2))
    assert len(recorded("calibration.stored")) == 1


def test_one_that_comes_with_a_later_version_does_not_take_its_place(db: None) -> None:
    own = calibration_store(harder(2))
    calibration_enter_shipped(harder(0.5, "A later version"))
    assert newest_calibration(PACK) == own


def test_of_two_measured_here_the_later_counts(db: None) -> None:
    calibration_store(harder(2))
    later = calibration_store(harder(3))
    assert newest_calibration(PACK) == later


def test_another_packs_is_not_taken(db: None) -> None:
    with pytest.raises(Refused, match=r"arcface-1 has no calibration.*manage.py calibrate DIR --pack arcface`"):
        calibration_for("arcface-1")


REWRITING = (
    "UPDATE watchlist_calibration SET source = 'better'",
    "DELETE FROM watchlist_calibration",
    "TRUNCATE watchlist_calibration CASCADE",
)


@pytest.mark.parametrize("statement", REWRITING)
def test_web_and_workers_have_no_right_to_rewrite_one(statement: str, db: None) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("statement", REWRITING)
def test_the_owner_is_refused_as_well(statement: str, committed_db: None) -> None:
    with as_owner(), pytest.raises(DatabaseError, match="stays as it was stored"), transaction.atomic():
        connection.cursor().execute(statement)


def test_one_whose_hash_is_of_another_text_is_not_taken(db: None) -> None:
    with pytest.raises(DatabaseError, match="hash of a calibration"), transaction.atomic():
        Calibration.objects.create(
            pack=PACK, source="Made up", measured_on=DAY, content="{}", sha256="0" * 64, shipped=False
        )


def test_an_approved_deployment_needs_its_threshold(cast: Cast) -> None:
    live = make_live(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deployment.objects.filter(pk=live.pk).update(threshold=None)


def test_a_new_calibration_makes_a_start_stricter_never_looser(cast: Cast) -> None:
    for factor, sign in ((3, 1), (0.2, 0)):
        deployment = make_draft(cast)
        list_add(actor=cast.sam, deployment=deployment, subject=make_listed_subject(cast))
        approve(cast.ada, deployment)
        approved = Deployment.objects.get(pk=deployment.pk)
        before, stored = approved.threshold_in_force, calibration_store(harder(factor))
        deployment_start(actor=cast.olga, deployment=approved)
        started = Deployment.objects.get(pk=deployment.pk)
        assert (started.threshold_in_force > before, started.threshold_in_force >= before) == (bool(sign), True)
        assert (started.calibration == stored) == bool(sign)
        assert recorded("deployment.started")[-1]["threshold"] == started.threshold


def test_two_are_alike_as_the_calibration_that_counts_says(db: None) -> None:
    def alike() -> float:
        return warning_limits(measured(calibration_for(PACK)), compared=1).alike

    before = alike()
    calibration_store(harder(3))
    assert alike() > before == DEFAULT.threshold_for(templates=1)


def test_what_is_less_alike_than_was_measured_is_said_to_be_rarer(cast: Cast) -> None:
    """Of the default pack everybody's own pictures reach the grid; of others some do not."""
    found = shipped(PACK)
    curve = found.mated[Frames.SINGLE]
    lower = replace(curve, shares=tuple(min(share, 0.99) for share in curve.shares))
    calibration_store(replace(found, mated={Frames.SINGLE: lower}))
    said = "one pair in 100 of pictures of one person is as little alike"
    assert unlike_by_chance(0.5, PACK) == f"Fewer than {said}."
    assert unlike_by_chance(found.thresholds[0], PACK).startswith(f"About {said}; of two different people,")
