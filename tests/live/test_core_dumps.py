"""No process of the product, nor a server it starts, would write its memory to a disk if it crashed."""

import re
from pathlib import Path

from lfrweb.embedded.processes import recorded
from tests.live.stack import Stack

NAMES = {"web", "frames", "verify", "default", "clock", "beat", "postgres", "redis"}


def test_no_process_dumps_its_memory(running: Stack):
    processes = recorded(running.state)
    assert set(processes) == NAMES
    for name, members in processes.items():
        for process in members:
            limits = Path(f"/proc/{process.pid}/limits").read_text()
            assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE), name
            parts = Path(f"/proc/{process.pid}/coredump_filter").read_text()
            assert int(parts, 16) == 0, name
