"""What do the logs hold? A line for what went wrong, and no person, frame or score in it."""

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied


class NoWorkersYetFilter(logging.Filter):
    """Drops "Service Unavailable: /healthz": an answer to whoever asked, many times at every start, and no error."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE


class RefusalsInOneLine(logging.Filter):
    """A refusal is no fault of ours: it says what was refused, and needs no way to the place in the code."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None
        return True


LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_workers_yet": {"()": "lfrweb.logs.NoWorkersYetFilter"},
        "refusals_in_one_line": {"()": "lfrweb.logs.RefusalsInOneLine"},
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["no_workers_yet", "refusals_in_one_line"]},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # Per frame and per request lines say nothing that the metrics do not, and name who looked at what.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "daphne.http_protocol": {"level": "WARNING"},
    },
}
