"""The product's own processes on the tests' servers: daphne, the Celery workers and beat, as `./run` starts them."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lfrweb.embedded.paths import APP_ROLE, CHECKOUT, OWNER_ROLE, StateFolder
from lfrweb.embedded.programs import HOST, Product, Program, environment, product_programs
from lfrweb.embedded.servers import log_tail

FRAME_WORKERS = 2
WEB, FRAMES, VERIFY, DEFAULT = "web", "frames", "verify", "default"
WORKERS = (FRAMES, VERIFY, DEFAULT)
HEALTHY_SECONDS = 120.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.1


@dataclass
class Stack:
    """What runs, and where. `home` and `temp` are its processes' own, so that whatever they leave there is theirs."""

    state: StateFolder
    database: str
    port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    celery: str = "celery"  # the module that is run in its place

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://{HOST}:{self.port}"

    @property
    def home(self) -> Path:
        return self.state.root / "home"

    @property
    def temp(self) -> Path:
        return self.state.root / "temp"

    def start(self, *names: str) -> None:
        """Starts the programs named, or all; returns when the product is healthy."""
        for program in self._programs():
            if not names or program.name in names:
                self.running[program.name] = self._started(program)
        self.wait_until_healthy()

    def stop(self, *names: str) -> None:
        """Stops the programs named, or all, as the supervisor would; a task in hand is finished first."""
        stopping = [self.running.pop(name) for name in names or list(self.running) if name in self.running]
        for process in stopping:
            process.terminate()
        for process in stopping:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)

    @contextmanager
    def workers_run(self, module: str) -> Iterator[None]:
        """While the block runs, the workers are started by this module, which ends by running Celery."""
        self.stop(*WORKERS)
        self.celery = module
        try:
            self.start(*WORKERS)
            yield
        finally:
            self.stop(*WORKERS)
            self.celery = "celery"
            self.start(*WORKERS)

    def kill(self, name: str) -> None:
        """At once, with whatever it has in hand."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """The program does nothing while the block runs, and notices nothing of it."""
        group = self.running[name].pid
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    def wait_until_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        while not (health := self._health()).get("healthy"):
            for name, process in self.running.items():
                assert process.poll() is None, f"{name} ended:\n{log_tail(self.state.log(name))}"
            assert time.monotonic() < deadline, f"Not healthy after {HEALTHY_SECONDS:.0f} s: {health}"
            time.sleep(POLL_SECONDS)

    def _programs(self) -> list[Program]:
        return product_programs(self.state, product=Product(port=self.port, workers=FRAME_WORKERS))

    def _started(self, program: Program) -> subprocess.Popen[bytes]:
        with open(self.state.log(program.name), "ab") as log:
            return subprocess.Popen(
                [self.celery if part == "celery" else part for part in program.command],
                cwd=CHECKOUT,
                env=environment(self.state) | self._own_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _own_environment(self) -> dict[str, str]:
        return {
            # Named, although they run in this state folder: the database is the tests', and TMPDIR is another.
            "DATABASE_URL": self._database_url(APP_ROLE),
            "DATABASE_OWNER_URL": self._database_url(OWNER_ROLE),
            "REDIS_URL": self.state.redis_url,
            "LFR_WORKERS": str(FRAME_WORKERS),
            "HOME": str(self.home),
            "TMPDIR": str(self.temp),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _database_url(self, role: str) -> str:
        return f"postgresql://{role}@{quote(str(self.state.postgres_sockets), safe='')}/{self.database}"

    def _health(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error) if error.headers.get_content_type() == "application/json" else {"is": error.code}
        except OSError as error:
            return {"web": str(error)}


@contextmanager
def running_stack(state: StateFolder, *, database: str) -> Iterator[Stack]:
    """Everything, healthy; stopped when the block ends."""
    stack = Stack(state, database, _free_port())
    for folder in (stack.home, stack.temp):
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def _free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind((HOST, 0))
        return int(candidate.getsockname()[1])
