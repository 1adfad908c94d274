"""What the supervisor is told to keep running, and what a person hears where that does not work."""

import signal
import time
from contextlib import contextmanager

from lfrweb.embedded import supervisor
from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.lock import held
from lfrweb.embedded.paths import Wanted
from lfrweb.embedded.programs import Program
from lfrweb.embedded.servers import log_tail, make_folders
from lfrweb.embedded.supervisor import supervised
from tests.processes.checkout import wait_until

DIES = "echo out of luck; sleep 2; exit 1"
LINGERS = "trap '' TERM; echo ready; while true; do sleep 0.1; done"


@contextmanager
def running(state, script):
    """One program that the shell runs, under a supervisor of its own."""
    program = Program("worker", ["/bin/sh", "-c", script], stop_seconds=3)
    with held(state):
        make_folders(state, wanted=Wanted(postgres=False, redis=False), account=None)
        with supervised(state, groups={"product": [program]}) as running_supervisor:
            running_supervisor.start("product")
            yield running_supervisor


def said(ask, *, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            ask()
        except CannotStart as error:
            return str(error)
        time.sleep(0.02)
    return None


def test_a_program_that_ends_again_and_again_ends_the_start(state):
    with running(state, DIES) as watched:
        started = time.monotonic()
        assert said(watched.require_starting).startswith("worker does not stay up:\nout of luck")
        assert 6 < time.monotonic() - started < 30


def test_a_program_that_ends_after_some_seconds_has_not_stayed_up(state, monkeypatch):
    monkeypatch.setattr(supervisor, "START_ATTEMPTS", 1)
    with running(state, DIES) as watched:
        assert said(watched.require_running).startswith("worker does not stay up:\nout of luck")


def test_one_that_lasts_is_left_alone(state):
    with running(state, "sleep 60") as watched:
        assert said(watched.require_starting, seconds=3) is None


def test_a_supervisor_that_is_stopping_has_ended_whatever_it_answers(state):
    with running(state, LINGERS) as watched:
        wait_until(lambda: "ready" in log_tail(state.log("worker")))
        watched.process.send_signal(signal.SIGTERM)
        answers = set()
        while watched.process.poll() is None:
            answers.add(said(watched.require_running, seconds=0.1))
        answers.add(said(watched.require_running, seconds=0.1))
    sentences = {answer.splitlines()[0] for answer in answers if answer}
    assert sentences == {"The supervisor has ended, and with it everything it ran:"}
