"""Is everything here that a deployment needs? Asked by `./run`, by tests and by whoever watches the service."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from recognition.worker import warm_workers

# `verify`, `default` and `clock` each have one process on every machine that runs the product.
EXPECTED_WORKERS = {"frames": settings.LFR_WORKERS, "verify": 1, "default": 1, "clock": 1}


def healthz(request: HttpRequest) -> JsonResponse:
    """200 where the database and Redis answer and every worker process has its models loaded, else 503."""
    warm = _warm_workers()
    workers = {
        queue: {"warm": (warm or {}).get(queue, 0), "expected": expected}
        for queue, expected in EXPECTED_WORKERS.items()
    }
    database, redis_answers = _database_answers(), warm is not None
    enough = all(count["warm"] >= count["expected"] for count in workers.values())
    healthy = database and redis_answers and enough
    state = {"healthy": healthy, "database": database, "redis": redis_answers, "workers": workers}
    return JsonResponse(state, status=200 if healthy else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _warm_workers() -> dict[str, int] | None:
    """None where Redis does not answer."""
    try:
        return warm_workers()
    except redis.RedisError:
        return None
