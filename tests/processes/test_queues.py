"""What waits behind what: nothing that must happen in time stands in a queue with work that takes long."""

import pytest

from lfrweb.celery import app
from lfrweb.health import EXPECTED_WORKERS

IN_TIME = {
    "watchlist.tasks.expire_alerts",
    "watchlist.tasks.close_due_deployments",
    "watchlist.tasks.expire_lists",
    "watchlist.tasks.end_lost_cameras",
    "recognition.tasks.flush_counters",
}


def queue_of(task: str) -> str:
    return app.amqp.router.route({}, task)["queue"].name


@pytest.mark.parametrize("task", sorted(IN_TIME))
def test_what_the_clock_calls_waits_for_no_image(task):
    assert queue_of(task) == "clock"
    assert task in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_images_are_queued_again_behind_those_that_still_wait():
    assert queue_of("recognition.tasks.check_reference") == "default"
    assert queue_of("recognition.tasks.recheck_references") == "default"
    assert queue_of("recognition.tasks.make_template") == "default"
    assert queue_of("recognition.tasks.remake_templates") == "default"
    assert "recognition.tasks.remake_templates" in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_health_waits_for_a_worker_of_every_queue():
    assert set(EXPECTED_WORKERS) == set(app.amqp.queues)
