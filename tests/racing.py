"""Acts at the same instant, on separate connections, and what became of them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from watchlist.errors import WatchlistError
from watchlist.models import AuditEntry
from watchlist.selectors.audit import links
from watchlist.verifier import verify

ROUNDS = 5
WAIT_SECONDS = 30


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned or raised of this package's errors; any other, such as a deadlock, fails the test."""
    line = threading.Barrier(len(calls))

    def go(call: Callable[[], Any]) -> Any:
        try:
            line.wait(WAIT_SECONDS)
            return call()
        except WatchlistError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(WAIT_SECONDS) for future in [pool.submit(go, call) for call in calls]]


def refused(results: list[Any]) -> list[WatchlistError]:
    return [result for result in results if isinstance(result, WatchlistError)]


def sound() -> bool:
    verdict = verify(links())
    return verdict.sound and verdict.entries == AuditEntry.objects.count()
