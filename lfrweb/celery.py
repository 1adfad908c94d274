"""The Celery application: tasks are found in each package's `tasks.py`; when the clock calls which stands here."""

import os
import sys
from typing import Any

from celery import Celery, signals
from django.db import close_old_connections

from lfrweb.embedded.errors import CannotStart
from lfrweb.fleeting_redis import require_fleeting_redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")

app = Celery("lfrweb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Images are checked and templates made in the queue `default`, a second each; `recheck_references` and
# `remake_templates` wait there for their turn, since what stands in that queue need not be queued again. What else the
# clock calls must not wait behind a thousand images.
app.conf.task_routes = {
    "recognition.tasks.process_frame": {"queue": "frames"},
    "recognition.tasks.verify_candidate": {"queue": "verify"},
    "recognition.tasks.flush_counters": {"queue": "clock"},
    "watchlist.tasks.*": {"queue": "clock"},
}

# Left to itself Celery closes a child's whole pool of database connections before and after every task, which costs a
# frame 6 ms. Kept instead; each task takes a connection anew, so that one that has broken serves no second task.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize


@signals.worker_init.connect
def _refuse_a_redis_that_persists(**_: Any) -> None:
    try:
        require_fleeting_redis()
    except CannotStart as error:
        # Celery would log an error raised here and go on.
        sys.exit(str(error))


@signals.task_prerun.connect
def _take_connections_anew(**_: Any) -> None:
    close_old_connections()


def every(seconds: float, task: str) -> dict[str, Any]:
    """A call that nobody was there to take is dropped when the next is due: calls must not pile up."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "expire-alerts": every(1.0, "watchlist.tasks.expire_alerts"),
    "close-due-deployments": every(5.0, "watchlist.tasks.close_due_deployments"),
    "expire-lists": every(60.0, "watchlist.tasks.expire_lists"),
    "end-lost-cameras": every(10.0, "watchlist.tasks.end_lost_cameras"),
    "flush-counters": every(3.0, "recognition.tasks.flush_counters"),
    "recheck-references": every(60.0, "recognition.tasks.recheck_references"),
    "remake-templates": every(60.0, "recognition.tasks.remake_templates"),
}
