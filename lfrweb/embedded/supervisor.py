"""Keeps the programs running: the package supervisor, told what to run and when to start it."""

import http.client
import os
import shlex
import socket
import subprocess
import time
import xmlrpc.client
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from lfrweb.embedded import processes, recorded
from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.paths import CHECKOUT, StateFolder
from lfrweb.embedded.programs import Program, environment
from lfrweb.embedded.servers import log_tail

READY_SECONDS = 30.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.05
LOG_BYTES = "5MB"
LOG_BACKUPS = 2
# What ends sooner has not stayed up, and counts as an attempt to start it.
UP_SECONDS = 10
# Waits between attempts grow by a second each: what fails for a quarter of an hour needs a person.
START_ATTEMPTS = 40
# Before anything was up there is nothing to wait for.
FIRST_ATTEMPTS = 3
# How supervisor calls a program that runs, and when one was started that never was.
ALIVE = ("STARTING", "RUNNING")
NEVER = 0


@dataclass(frozen=True)
class Supervisor:
    process: subprocess.Popen[bytes]
    state: StateFolder
    _starts: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def start(self, group: str) -> None:
        self._ask("startProcessGroup", group, False)

    def finished(self, name: str) -> bool:
        """Whether a program that does not last has done its work. Raises CannotStart where it failed."""
        entry = next(entry for entry in self._programs() if entry["name"] == name)
        if entry["statename"] != "EXITED":
            return False
        if entry["exitstatus"]:
            raise CannotStart(f"{name} failed:\n{log_tail(self.state.log(name))}")
        return True

    def require_running(self) -> None:
        """Raises CannotStart where a program was given up after many attempts, or the supervisor itself is no more."""
        for entry in self._programs():
            if entry["statename"] == "FATAL":
                raise self._does_not_stay_up(entry["name"])

    def require_starting(self) -> None:
        """As `require_running`, while a person waits: a few attempts are enough to see that one does not stay up."""
        self.require_running()
        for entry in self._programs():
            starts = self._starts[entry["name"]]
            starts |= {entry["start"]} - {NEVER}
            if len(starts) - (entry["statename"] in ALIVE) >= FIRST_ATTEMPTS:
                raise self._does_not_stay_up(entry["name"])

    def _does_not_stay_up(self, name: str) -> CannotStart:
        return CannotStart(f"{name} does not stay up:\n{log_tail(self.state.log(name))}")

    def _programs(self) -> list[dict[str, Any]]:
        return self._ask("getAllProcessInfo")

    def _ask(self, method: str, *arguments: object) -> Any:
        try:
            return getattr(self._rpc, method)(*arguments)
        # One that is stopping answers that it is, or breaks off in the middle.
        except (OSError, xmlrpc.client.Error, http.client.HTTPException) as error:
            log = log_tail(self.state.log(processes.SUPERVISOR))
            raise CannotStart(f"The supervisor has ended, and with it everything it ran:\n{log}") from error

    @property
    def _rpc(self) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.state.supervisor_socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor


@contextmanager
def supervised(state: StateFolder, *, groups: dict[str, list[Program]]) -> Iterator[Supervisor]:
    """A supervisor that starts the servers at once and each other group when told; stops the last group first.

    Its socket listens before it has loaded the product's code, and answers afterwards.
    """
    configuration = state.root / "supervisord.conf"
    configuration.write_text(_configuration(state, groups=groups))
    supervisord = recorded.module("lfrweb.supervising", "--nodaemon", "--configuration", str(configuration))
    command = recorded.command(state, name=processes.SUPERVISOR, account=None, program=supervisord)
    with open(state.log(processes.SUPERVISOR), "ab") as log:
        # A session of its own: Ctrl-C at the terminal reaches `./run` alone, which then stops everything in order.
        process = subprocess.Popen(  # noqa: S603  the command is our own
            command,
            cwd=CHECKOUT,
            env=environment(state),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for_socket(process, state)
        yield Supervisor(process, state)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        # Nothing, unless the supervisor itself died or had to be killed.
        processes.end_leftovers(state)


def _wait_for_socket(process: subprocess.Popen[bytes], state: StateFolder) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _listens(state):
        if process.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"The supervisor did not start:\n{log_tail(state.log(processes.SUPERVISOR))}")
        time.sleep(POLL_SECONDS)


def _listens(state: StateFolder) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(state.supervisor_socket)) == 0


def _configuration(state: StateFolder, *, groups: dict[str, list[Program]]) -> str:
    supervisor = {"logfile": "/dev/null", "logfile_maxbytes": "0", "pidfile": state.root / "supervisord.pid"}
    # Named although it is the account we are: supervisor complains where root is not meant.
    account = {"user": "root"} if os.geteuid() == 0 else {}
    sections = [
        _section("supervisord", supervisor | account),
        _section("unix_http_server", {"file": state.supervisor_socket, "chmod": "0700"}),
        _section(
            "rpcinterface:supervisor",
            {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
    ]
    # Groups stop from the last to the first, each only when the one before is down: servers outlive their clients.
    for priority, (group, programs) in enumerate(groups.items()):
        names = ",".join(program.name for program in programs)
        sections.append(_section(f"group:{group}", {"programs": names, "priority": priority}))
        sections += [_program(state, program, priority=number) for number, program in enumerate(programs)]
    return "\n".join(sections)


def _program(state: StateFolder, program: Program, *, priority: int) -> str:
    entries = {
        "command": shlex.join(program.command),
        "directory": CHECKOUT,
        "priority": priority,
        "autostart": str(program.starts_at_once).lower(),
        "autorestart": str(program.lasts).lower(),
        "startsecs": UP_SECONDS if program.lasts else 0,
        "startretries": START_ATTEMPTS if program.lasts else 0,
        "stopsignal": program.stop_signal.name.removeprefix("SIG"),
        "stopwaitsecs": program.stop_seconds,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": state.log(program.name),
        "stdout_logfile_maxbytes": LOG_BYTES,
        "stdout_logfile_backups": LOG_BACKUPS,
    }
    return _section(f"program:{program.name}", entries)


def _section(name: str, entries: dict[str, object]) -> str:
    # A percent sign would begin an expansion, and " ;" a comment.
    lines = [f"{key} = {value}".replace("%", "%%") for key, value in entries.items()]
    return "\n".join([f"[{name}]", *lines, ""])
