"""Is a worker process ready, and for what? It loads its models when it starts and says so in Redis while it lives.

Celery ends a child that has not come up within four seconds, and calls a worker ready before its children are; so
loading happens in a thread, and readiness is what a child itself reports: `warm:<queue>:<host>:<pid>`, which expires.
"""

import logging
import os
import platform
from collections import Counter
from threading import Event, Thread
from typing import Any

from celery import current_app, signals
from django.db import connections

from recognition import gallery
from recognition.conf import conf
from recognition.connections import blocking, key
from recognition.engine import HELD, engine, engine_of, verifier
from recognition.faults import describe
from watchlist.selectors.deployments import packs_in_use

logger = logging.getLogger(__name__)

FRAMES_QUEUE, VERIFY_QUEUE, CLOCK_QUEUE = "frames", "verify", "clock"

_stopping = Event()
_told: set[str] = set()  # packs that cannot be loaded, which is said once


def warm_workers() -> dict[str, int]:
    """Worker processes with models loaded, by queue, on all machines. What /healthz and `./run` ask."""
    prefix = key("warm", "")
    found = (name.decode().removeprefix(prefix).split(":")[0] for name in blocking().scan_iter(f"{prefix}*"))
    return dict(Counter(found))


@signals.worker_process_init.connect
def _begin(**_: Any) -> None:
    Thread(target=_live, name="warm", daemon=True).start()


@signals.worker_process_shutdown.connect
@signals.worker_shutdown.connect  # of a worker that works in its own process
def _end(**_: Any) -> None:
    _stopping.set()
    blocking().delete(*_keys())


@signals.worker_init.connect
def _clean(**_: Any) -> None:
    """What a killed worker left in shared memory is gone before the first frame is looked at."""
    gallery.sweep()
    for connection in connections.all():
        connection.close()
        # Else every child would inherit the same open sockets.
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone has one


@signals.worker_shutdown.connect
def _leave_nothing(**_: Any) -> None:
    """When the product stops, no list stays in shared memory; what another worker has mapped, it keeps."""
    if FRAMES_QUEUE in _queues():
        gallery.forget_all()


def _live() -> None:
    """Loads, then reports and lets go of galleries that are no longer needed, every few seconds."""
    try:
        _load()
    except Exception as error:
        # Not warm, so never reported: /healthz says how many are missing, this line says why.
        logger.error("This worker cannot load its models: %s. %s", describe(error), getattr(error, "message", ""))
        return
    while not _stopping.is_set():
        _load_others()
        _report()
        _stopping.wait(conf().warm_every)


def _load() -> None:
    """What the tasks of this process compute with; those of the clock ask the database alone."""
    if _queues() == [CLOCK_QUEUE]:
        return
    own = engine()
    if VERIFY_QUEUE in _queues():
        with verifier(own.pack):
            pass


def _load_others() -> None:
    """The packs of deployments that run or may be started, before their first frame comes; as many as are kept.

    One that cannot be loaded leaves the others, and what can be done with them, as they are: its frames are refused.
    """
    if _queues() == [CLOCK_QUEUE]:
        return
    try:
        for pack in [pack for pack in packs_in_use() if pack not in _told][:HELD]:
            _load_other(pack)
    except Exception as error:  # the database is away; the next round tries again
        logger.warning("Asking which packs are in use failed: %s", describe(error))
    finally:
        connections.close_all()  # this thread's own


def _load_other(pack: str) -> None:
    try:
        engine_of(pack)
    except Exception as error:
        _told.add(pack)
        logger.error("The pack %s cannot be loaded: %s. %s", pack, describe(error), getattr(error, "message", ""))


def _report() -> None:
    try:
        for name in _keys():
            blocking().set(name, 1, px=round(conf().warm_life * 1000))
        gallery.sweep()
    except Exception as error:  # Redis or the database is away; the next round tries again
        logger.warning("Reporting this worker failed: %s", describe(error))
    finally:
        connections.close_all()  # this thread's own


def _keys() -> list[str]:
    return [key("warm", queue, platform.node(), os.getpid()) for queue in _queues()]


def _queues() -> list[str]:
    """The queues this worker was told to take from."""
    return sorted(current_app.amqp.queues.consume_from)
