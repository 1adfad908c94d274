"""`./run`: starts servers, prepares the database, starts the product, waits until it is healthy, stops it all."""

import argparse
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured

from lfrweb.embedded import address
from lfrweb.embedded.account import server_account
from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.folders import remove_socket_folders
from lfrweb.embedded.lock import Held, held
from lfrweb.embedded.processes import end_leftovers
from lfrweb.embedded.programs import PREPARE, Product, preparation, product_programs, server_programs
from lfrweb.embedded.servers import log_tail, make_folders, wait_for
from lfrweb.embedded.supervisor import Supervisor, supervised
from lfrweb.env import EMBEDDED, STATE, demo_is_wanted, env, require_sound, web_port, worker_count
from lfrweb.fleeting_redis import require_fleeting_redis
from lfrweb.secrets import master_key

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 128 + signal.SIGINT
SERVERS = "servers"
PRODUCT = "product"
# The first start converts the default pack's networks; later ones take a few seconds.
HEALTHY_SECONDS = 180.0
POLL_SECONDS = 0.1
WATCH_SECONDS = 2.0

# Asked directly: a proxy of this machine's knows nothing of what listens on its loopback address.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main() -> int:
    arguments = _arguments()
    if arguments.demo:
        os.environ["LFR_DEMO"] = "1"
    for number in STOP_SIGNALS:
        # Who started this with nohup wants it to outlive the terminal.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)
    # Everything below is for this account alone; `make_root` says where it is not.
    os.umask(0o077)
    try:
        with held(STATE), _product() as (supervisor, port):
            _print_addresses(port)
            if not arguments.check:
                print("Ctrl-C stops it.", flush=True)
                _watch(supervisor)
    except Held as error:
        running = address.published(STATE)
        print(error, f"It answers at {running}." if running else "", file=sys.stderr)
        return 1
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
        # Who asked for a check has no answer; who ran it until Ctrl-C has all they wanted.
        return INTERRUPTED if arguments.check else 0
    return 0


@contextmanager
def _product() -> Iterator[tuple[Supervisor, int]]:
    """The whole product, healthy; stopped when the block ends."""
    _check_environment()
    if ended := end_leftovers(STATE):
        print(f"Ended what an earlier run left behind: {', '.join(ended)}.")
    port = address.choose_port(web_port())
    account = server_account() if EMBEDDED.postgres else None
    make_folders(STATE, wanted=EMBEDDED, account=account)
    groups = {
        SERVERS: server_programs(STATE, wanted=EMBEDDED, account=account),
        PREPARE: [preparation(STATE)],
        PRODUCT: product_programs(STATE, product=Product(port=port, workers=worker_count())),
    }
    groups = {name: programs for name, programs in groups.items() if programs}
    try:
        with supervised(STATE, groups=groups) as supervisor:
            wait_for(STATE, wanted=EMBEDDED)
            _prepare(supervisor)
            supervisor.start(PRODUCT)
            _wait_until_healthy(supervisor, port=port)
            address.publish(STATE, port=port)
            try:
                yield supervisor, port
            finally:
                print("Stopping ...", flush=True)
    finally:
        address.withdraw(STATE)
        remove_socket_folders(STATE)


def _check_environment() -> None:
    """Raises CannotStart before anything is started where a value in the environment cannot serve."""
    try:
        require_sound()
        if given := env.str("LFR_MASTER_KEY", default=""):
            master_key(given)
    except ImproperlyConfigured as error:
        raise CannotStart(str(error)) from error
    require_fleeting_redis()


def _prepare(supervisor: Supervisor) -> None:
    supervisor.start(PREPARE)
    while not supervisor.finished(PREPARE):
        time.sleep(POLL_SECONDS)


def _wait_until_healthy(supervisor: Supervisor, *, port: int) -> None:
    deadline = time.monotonic() + HEALTHY_SECONDS
    while not (health := _health(port)).get("healthy"):
        supervisor.require_starting()
        if time.monotonic() > deadline:
            logs = "\n".join(f"--- {path.name}\n{log_tail(path)}" for path in sorted(STATE.logs.glob("*.log")))
            raise CannotStart(f"Not healthy after {HEALTHY_SECONDS:.0f} s: {json.dumps(health)}\n{logs}")
        time.sleep(POLL_SECONDS)


def _health(port: int) -> dict[str, Any]:
    try:
        with DIRECTLY.open(f"{address.url(port)}/healthz", timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error) if error.headers.get_content_type() == "application/json" else {"status": error.code}
    except OSError:
        return {"web": "does not answer yet"}


def _watch(supervisor: Supervisor) -> NoReturn:
    """Returns only by an exception: Ctrl-C, or a supervisor or program that is no more."""
    while True:
        supervisor.require_running()
        time.sleep(WATCH_SECONDS)


def _print_addresses(port: int) -> None:
    print(f"lfrweb is ready at {address.url(port)}/  (admin: {address.url(port)}/admin/)")
    accounts = STATE.root / "demo-accounts.txt"
    if demo_is_wanted() and accounts.exists():
        print(f"\n{accounts.read_text().strip()}\n")
    if notices := STATE.notices.read_text():
        print(f"\n{notices}", flush=True)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    # Once is enough: a second Ctrl-C must not interrupt the stopping.
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description="Runs lfrweb from this checkout until Ctrl-C.")
    parser.add_argument("--check", action="store_true", help="start everything, wait until healthy, stop, exit 0")
    parser.add_argument("--demo", action="store_true", help="make demo accounts and data in a database of your own too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
