"""What do the server's processes use? Processor time and memory of everything that the supervisor started."""

from pathlib import Path
from time import monotonic
from typing import Any

import psutil

PARTS = {"daphne": "web", "worker": "workers", "beat": "beat", "postgres": "postgres", "redis-server": "redis"}


class Usage:
    """From when it is made until `read`."""

    def __init__(self, state: Path) -> None:
        supervisor = psutil.Process(int((state / "supervisord.pid").read_text()))
        self._processes = [supervisor, *supervisor.children(recursive=True)]
        self._started = monotonic()
        self._before = {process.pid: _cpu_seconds(process) for process in self._processes}

    def read(self) -> dict[str, Any]:
        """`cpu_cores`: cores used on average; `rss_mb`: resident memory by part, shared pages counted once for each."""
        seconds = monotonic() - self._started
        used = sum(_cpu_seconds(process) - self._before[process.pid] for process in self._processes)
        rss_mb: dict[str, float] = {}
        for process in self._processes:
            part = _part(process)
            rss_mb[part] = rss_mb.get(part, 0.0) + process.memory_info().rss / 1e6
        rounded = {part: round(mb, 1) for part, mb in rss_mb.items()}
        return {"cpu_cores": round(used / seconds, 3), "rss_mb": rounded | {"total": round(sum(rss_mb.values()), 1)}}


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _part(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    return next((part for word, part in PARTS.items() if word in words), "supervisor")
