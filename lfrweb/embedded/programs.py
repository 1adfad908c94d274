"""Which processes make the product, and in which order do they start and stop?"""

import os
import signal
from dataclasses import dataclass

from lfrweb.embedded import postgres, recorded, redis
from lfrweb.embedded.account import Account
from lfrweb.embedded.paths import CHECKOUT, StateFolder, Wanted
from lfrweb.embedded.postgres import Durability
from lfrweb.embedded.processes import POSTGRES, REDIS, STATE_VARIABLE

PREPARE = "prepare"
HOST = "127.0.0.1"
# One native thread in each worker: parallel work is the business of having several workers.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Django's system checks have run when the database was prepared; here they would load every page in every worker.
CHECKED = {"CELERY_SKIP_CHECKS": "1"}
# A task in hand is finished before its worker goes.
WORKER_STOP_SECONDS = 10
SERVER_STOP_SECONDS = 15


@dataclass(frozen=True)
class Program:
    """One process. What does not last is started once, and its end with status 0 is its success."""

    name: str
    command: list[str]
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: int = WORKER_STOP_SECONDS
    lasts: bool = True
    starts_at_once: bool = False


@dataclass(frozen=True)
class Product:
    """The web process' port and how many processes look at frames."""

    port: int
    workers: int


def server_programs(state: StateFolder, *, wanted: Wanted, account: Account | None) -> list[Program]:
    programs = []
    if wanted.postgres:
        command = postgres.command(state, durability=Durability.KEPT)
        wrapped = recorded.command(state, name=POSTGRES, account=account, program=command)
        programs.append(_server(POSTGRES, wrapped, postgres.STOP_SIGNAL))
    if wanted.redis:
        wrapped = recorded.command(state, name=REDIS, account=None, program=redis.command(state))
        programs.append(_server(REDIS, wrapped, redis.STOP_SIGNAL))
    return programs


def product_programs(state: StateFolder, *, product: Product) -> list[Program]:
    """Web, workers and beat, in the order they start."""
    # At verbosity 0 daphne writes no access log, which would name who looked at what.
    web = ["daphne", "--verbosity", "0", "--bind", HOST, "--port", str(product.port), "--no-server-name"]
    commands = {
        "web": [*web, "lfrweb.asgi:application"],
        "frames": _worker("frames", processes=product.workers),
        "verify": _worker("verify", processes=1),
        "default": _worker("default", processes=1),
        # Short calls one after the other need no process beside the worker's own.
        "clock": [*_worker("clock", processes=1), "--pool", "solo"],
        "beat": ["celery", "-A", "lfrweb", "beat", "--loglevel", "INFO", "--pidfile="],
    }
    return [
        Program(name, recorded.command(state, name=name, account=None, program=recorded.module(*command)))
        for name, command in commands.items()
    ]


def preparation(state: StateFolder) -> Program:
    """Migrates the database and seeds the demo."""
    command = recorded.command(state, name=PREPARE, account=None, program=recorded.module("lfrweb.prepare"))
    return Program(PREPARE, command, lasts=False)


def environment(state: StateFolder) -> dict[str, str]:
    """What every process of the product finds in its environment."""
    return os.environ | ONE_THREAD | CHECKED | {STATE_VARIABLE: str(state.root), "PYTHONPATH": str(CHECKOUT)}


def _server(name: str, command: list[str], stop_signal: signal.Signals) -> Program:
    return Program(name, command, stop_signal, SERVER_STOP_SECONDS, starts_at_once=True)


def _worker(queue: str, *, processes: int) -> list[str]:
    options = ["--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", str(processes), "--loglevel", "INFO"]
    # Workers need not know of each other, and asking around takes a second at every start.
    return ["celery", "-A", "lfrweb", "worker", *options, "--without-gossip", "--without-mingle", "--without-heartbeat"]
