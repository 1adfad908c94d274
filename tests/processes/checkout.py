"""A copy of this checkout with a state of its own, and `./run` in it as a person at a terminal would have it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from lfrweb.embedded.paths import CHECKOUT, StateFolder
from lfrweb.embedded.processes import STATE_VARIABLE, SUPERVISOR, recorded

PARTS = ("lfrweb", "recognition", "watchlist", "static", "templates", "manage.py", "run", "requirements.txt")
NOT_COPIED = shutil.ignore_patterns("__pycache__")
SECONDS = 240


@dataclass(frozen=True)
class Checkout:
    root: Path

    @property
    def state(self) -> StateFolder:
        return StateFolder(self.root / "var" / "run")

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`./run` to its end."""
        return self._call("./run", *arguments, **environment)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._call(".venv/bin/python", "manage.py", *arguments)

    @contextmanager
    def running(self, *through: str) -> Iterator[subprocess.Popen[str]]:
        """`./run` once it has said that it is ready; killed at the end where the test has not stopped it.

        `through` is a command that runs it, such as nohup.
        """
        process = subprocess.Popen(
            [*through, "./run"],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            said = []
            while not (said and said[-1].startswith("Ctrl-C")):
                said.append(next(lines, None))
                assert said[-1] is not None, f"./run ended: {''.join(said[:-1])}"
            yield process
        finally:
            process.kill()
            process.wait()

    def processes(self) -> list[psutil.Process]:
        """Whatever runs for this checkout, found by its environment and by record."""
        found = [process for members in recorded(self.state).values() for process in members]
        for process in psutil.process_iter():
            try:
                if process.environ().get(STATE_VARIABLE) == str(self.state.root):
                    found.append(process)
            except psutil.Error:
                continue
        return [process for process in found if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]

    def supervisor(self) -> psutil.Process:
        return recorded(self.state)[SUPERVISOR][0]

    def _call(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.root,
            env=self._environment() | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        # Not the tests' own state, nor their settings.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LFR_", "DJANGO_"))}
        return kept | {"LFR_WORKERS": "1"}


def copied_checkout(root: Path) -> Checkout:
    root.mkdir()
    for part in PARTS:
        source = CHECKOUT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=NOT_COPIED)
        else:
            shutil.copy2(source, root / part)
    (root / "var").mkdir()
    # Converted networks and installed packages are the same wherever they stand.
    (CHECKOUT / "var" / "cache").mkdir(parents=True, exist_ok=True)
    (root / "var" / "cache").symlink_to(CHECKOUT / "var" / "cache")
    (root / ".venv").symlink_to(CHECKOUT / ".venv")
    return Checkout(root)


def interrupt(process: subprocess.Popen[str]) -> str:
    """Ctrl-C: the signal goes to the whole group at the terminal. Returns what was said from then on."""
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=SECONDS)
    return said


def wait_until(condition, *, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"Not within {seconds:.0f} s."
        time.sleep(0.1)
