"""Which processes belong to a state folder, by recorded id, and how are those ended that a killed run left behind?"""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from lfrweb.embedded.paths import StateFolder

SUPERVISOR = "supervisor"
POSTGRES = "postgres"
REDIS = "redis"

# Every process that is started for a state folder finds the folder under this name in its environment.
STATE_VARIABLE = "LFR_VAR"

# The clock may be set between two readings of the same process' start.
START_TOLERANCE_SECONDS = 2.0
GRACE_SECONDS = 3.0
SERVER_GRACE_SECONDS = 15.0
POLL_SECONDS = 0.05


def record(state: StateFolder, *, name: str, pid: int) -> None:
    """Writes down that `pid`, the leader of a process group, is the process `name` of this folder."""
    folder = _folder(state)
    folder.mkdir(mode=0o700, exist_ok=True)
    aside = state.root / f".{name}.record"
    aside.write_text(f"{pid} {psutil.Process(pid).create_time()}")
    aside.replace(folder / name)


def recorded(state: StateFolder) -> dict[str, list[psutil.Process]]:
    """For each recorded name the processes of its group that still live; names of which none does are left out."""
    living = {}
    for path in sorted(_folder(state).glob("*")):
        try:
            pid, started = path.read_text().split()
            members = _members(int(pid), started=float(started), state=state)
        except ValueError:
            continue  # a full disk or a power failure may leave a record that says nothing
        if members:
            living[path.name] = members
    return living


def end_leftovers(state: StateFolder) -> list[str]:
    """Ends what a killed run left behind: the supervisor first, that it start nothing again; the servers last.

    Returns the names of what was ended.
    """
    living = recorded(state)
    names = list(living)
    _end(living.pop(SUPERVISOR, []), first=signal.SIGKILL, grace=GRACE_SECONDS)
    servers = [process for name in (POSTGRES, REDIS) for process in living.pop(name, [])]
    _end([process for members in living.values() for process in members], first=signal.SIGTERM, grace=GRACE_SECONDS)
    # SIGINT asks PostgreSQL for its fast shutdown: clients are cut off, data is written.
    _end(servers, first=signal.SIGINT, grace=SERVER_GRACE_SECONDS)
    for path in _folder(state).glob("*"):
        path.unlink()
    return names


def _members(pid: int, *, started: float, state: StateFolder) -> list[psutil.Process]:
    """The group that `pid` leads, or led; none where the number went to a process that is not ours."""
    try:
        leads = abs(psutil.Process(pid).create_time() - started) < START_TOLERANCE_SECONDS
    except psutil.NoSuchProcess:
        # Without its leader only the environment tells whose the group is.
        return [process for process in _group(pid) if _state_of(process) == str(state.root)]
    return _group(pid) if leads else []


def _group(pid: int) -> list[psutil.Process]:
    members = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == pid and _runs(process):
                members.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return members


def _state_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(STATE_VARIABLE)
    except psutil.Error:
        return None


def _end(processes: Iterable[psutil.Process], *, first: signal.Signals, grace: float) -> None:
    remaining = _outliving(grace, _signalled(processes, first))
    _outliving(grace, _signalled(remaining, signal.SIGKILL))


def _outliving(seconds: float, processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run after `seconds`; returns at once when none does."""
    deadline = time.monotonic() + seconds
    while (running := [process for process in processes if _runs(process)]) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return running


def _runs(process: psutil.Process) -> bool:
    try:
        # In a container whose first process reaps nobody, what ended stays a zombie for ever.
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _signalled(processes: Iterable[psutil.Process], number: signal.Signals) -> list[psutil.Process]:
    signalled = []
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue
        signalled.append(process)
    return signalled


def _folder(state: StateFolder) -> Path:
    return state.root / "processes"
