"""What do the server's processes use? Processor time and memory of everything that the supervisor started."""

from pathlib import Path
from time import monotonic
from typing import Any

import psutil

# By the name that each goes by: web, workers and beat are forks, and have the supervisor's command line.
PARTS = {
    "lfrweb-web": "web",
    "lfrweb-frames": "frames",
    "lfrweb-verify": "verify",
    "lfrweb-default": "default",
    "lfrweb-beat": "beat",
    "postgres": "postgres",
    "redis-server": "redis",
}


class Usage:
    """From when it is made until `read`. PostgreSQL's own processes come and go with connections: those that have gone
    meanwhile are not counted, those that have come are."""

    def __init__(self, state: Path) -> None:
        self._supervisor = psutil.Process(int((state / "supervisord.pid").read_text()))
        self._started = monotonic()
        self._before = {pid: seconds for pid, _, seconds, _ in self._look()}

    def read(self) -> dict[str, Any]:
        """`cpu_cores`: cores used on average; `rss_mb`: resident memory by part, shared pages in each."""
        seconds, used = monotonic() - self._started, 0.0
        rss_mb: dict[str, float] = {}
        for pid, part, cpu_seconds, resident in self._look():
            used += cpu_seconds - self._before.get(pid, 0.0)
            rss_mb[part] = rss_mb.get(part, 0.0) + resident / 1e6
        rounded = {part: round(mb, 1) for part, mb in rss_mb.items()}
        return {"cpu_cores": round(used / seconds, 3), "rss_mb": rounded | {"total": round(sum(rss_mb.values()), 1)}}

    def _look(self) -> list[tuple[int, str, float, int]]:
        """Each process' id and part, the processor seconds it has used and the bytes it holds."""
        found = []
        for process in (self._supervisor, *self._supervisor.children(recursive=True)):
            try:
                part, times = PARTS.get(process.name(), "supervisor"), process.cpu_times()
                found.append((process.pid, part, times.user + times.system, process.memory_info().rss))
            except psutil.NoSuchProcess:
                continue
        return found
