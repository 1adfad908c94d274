"""How is work on many files spread over processes? Each has an engine of its own and one thread."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import cv2

from recognition.measuring.progress import progress
from recognition.packs import registry
from recognition.pipeline.interfaces import Engine

AT_ONCE = 8  # files handed to a process together: enough that handing over costs nothing, few enough to end together
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Item = TypeVar("Item")
Result = TypeVar("Result")

_engine: Engine | None = None  # of a worker process


def spread(
    work: Callable[[Engine, Item], Result],
    items: Sequence[Item],
    *,
    pack: str,
    cache: Path,
    jobs: int,
    title: str,
    unit: str,
    quiet: bool = False,
) -> Iterator[Result]:
    """`work(engine, item)` for every item, in their order, over `jobs` processes, with a progress bar on a terminal.

    `work` must be a function of a module, since the processes are started afresh. The pack is loaded here once,
    and let go, so that a fault of the pack is told before any process starts.
    """
    registry.load(pack, cache)
    jobs = max(1, min(jobs, -(-len(items) // AT_ONCE)))
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (pack, cache)) as pool:
        with _inherited():
            results = pool.map(partial(_on_own_engine, work), items, chunksize=AT_ONCE)
        yield from progress(results, title, total=len(items), unit=unit, quiet=quiet)


def _on_own_engine(work: Callable[[Engine, Item], Result], item: Item) -> Result:
    if _engine is None:
        raise RuntimeError("Work was asked for in a process that has no engine.")
    return work(_engine, item)


def _start(pack: str, cache: Path) -> None:
    global _engine
    cv2.setNumThreads(1)
    _engine = registry.load(pack, cache)


@contextmanager
def _inherited() -> Iterator[None]:
    """What processes started meanwhile have from the beginning: one thread for their libraries, and no ear for Ctrl-C,
    which reaches all of them at once; the one that asked for the work hears it afterwards and ends the others."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
