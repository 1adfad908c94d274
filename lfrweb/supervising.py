"""`python -m lfrweb.supervising`: the package supervisor, with the product's code loaded once for all its programs.

Loading Django, Celery and the packages takes each of six processes three seconds or more on a slow machine.
So the supervisor loads them, and what it starts is a fork of itself that has them already: a restart takes a third of
the time, and the processes share the memory that the code takes. What is no Python module is executed as ever.
"""

import gc
import logging
import os
import signal
import sys
import traceback
from pathlib import Path

import django
from supervisor.options import ServerOptions
from supervisor.supervisord import Supervisor

from lfrweb.embedded import recorded

# Linux shows so many letters as a process' name.
LONGEST_NAME = 15


class ForkingOptions(ServerOptions):
    """Supervisor's way to become another program, but for Python modules of ours, which the fork can just run."""

    def execve(self, filename: str, argv: list[str], env: dict[str, str]) -> None:
        if tuple(argv[: len(recorded.WRAPPER)]) != recorded.WRAPPER:
            super().execve(filename, argv, env)
        os.environ.clear()
        os.environ.update(env)
        # What an exec would have done: the supervisor's handlers are not the program's.
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR2):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        os._exit(_exit_code(argv[len(recorded.WRAPPER) :]))


class LoadingSupervisor(Supervisor):
    """Loads the product's code once it has started what starts by itself: the servers, which come up meanwhile."""

    loaded = False

    def tick(self, now: float | None = None) -> None:
        super().tick(now)
        if not self.loaded:
            self.loaded = True
            load()


def main() -> None:
    options = ForkingOptions()
    options.realize(sys.argv[1:], doc=__doc__)
    options.first = True
    options.test = False
    LoadingSupervisor(options).main()


def load() -> None:
    """Imports what web, workers and beat have in common. Nothing that opens a connection or starts a thread."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")
    # Nothing that is imported becomes garbage, and looking for it takes a tenth of the time.
    gc.disable()
    django.setup()
    import celery.apps.beat
    import celery.apps.worker
    import celery.bin.celery
    import celery.concurrency.prefork  # noqa: F401

    import lfrweb.urls  # noqa: F401
    from lfrweb.celery import app

    app.loader.import_default_modules()
    # Out of the collector's reach, whose marks would copy every page that the forks share.
    gc.freeze()
    gc.enable()


def _exit_code(arguments: list[str]) -> int:
    _show_name(arguments)
    try:
        recorded.run(arguments)
    except SystemExit as ending:
        return _code_of(ending)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _code_of(ending: SystemExit) -> int:
    if ending.code is None or isinstance(ending.code, int):
        return ending.code or 0
    print(ending.code, file=sys.stderr)
    return 1


def _show_name(arguments: list[str]) -> None:
    """Lets `ps` and `top` tell the forks apart."""
    comm = Path("/proc/self/comm")
    if comm.exists():
        comm.write_text(f"lfrweb-{arguments[1]}"[:LONGEST_NAME])


if __name__ == "__main__":
    main()
