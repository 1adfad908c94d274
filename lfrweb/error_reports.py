"""What an error report may show: where it happened, and nothing that a person sent or a frame held."""

import logging
from collections.abc import ItemsView
from http import HTTPStatus
from types import FrameType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class NothingPersonalFilter(SafeExceptionReporterFilter):
    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return dict[str, Any]().items()


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
