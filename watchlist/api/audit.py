"""The record as a file: one entry a line, everything that checking it elsewhere needs."""

from collections.abc import AsyncIterator, Iterator
from itertools import islice

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, actor_of
from watchlist.services.viewing import record_export

LINES_AT_ONCE = 500


class AuditExportView(APIView):
    @extend_schema(responses={(200, "application/x-ndjson"): OpenApiTypes.STR, **REFUSALS})
    def get(self, request: Request) -> StreamingHttpResponse:
        """The whole record as NDJSON, oldest first, for `manage.py verify_audit FILE`. Taking it is on the record."""
        lines = record_export(actor=actor_of(request), purpose="API")
        return StreamingHttpResponse(
            _in_parts(lines),
            content_type="application/x-ndjson",
            headers={"Content-Disposition": 'attachment; filename="audit.ndjson"', "Cache-Control": "no-store"},
        )


async def _in_parts(lines: Iterator[str]) -> AsyncIterator[str]:
    """As an asynchronous iterator: of any other kind the server would read all of it into memory first."""
    while part := await _next_part(lines):
        yield part


@sync_to_async
def _next_part(lines: Iterator[str]) -> str:
    return "".join(islice(lines, LINES_AT_ONCE))
