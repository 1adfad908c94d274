"""A management command as a shell sees it: its exit code, and what it printed."""

import io
from typing import Any

from django.core.management import call_command


def run(*arguments: str, **options: Any) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out, **options)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()
