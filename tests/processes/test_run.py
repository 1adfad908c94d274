"""`./run` in a checkout of its own: it starts, says where, keeps what it was told, and leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import urllib.request

import pytest

from benchmarks.usage import Usage
from lfrweb.embedded.paths import OWNER_ROLE
from lfrweb.embedded.processes import recorded
from tests.processes.checkout import Checkout, interrupt, wait_until


def health(checkout: Checkout) -> dict:
    address = (checkout.state.root / "address").read_text()
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
        return json.load(answer)


def accounts(said: str) -> list[str]:
    return re.findall(r"^\w+ +\S{16}$", said, flags=re.MULTILINE)


def test_check_starts_everything_says_where_and_stops_it(checkout):
    checked = checkout.run("--check")
    assert checked.returncode == 0, checked.stderr
    assert re.search(r"ready at http://127\.0\.0\.1:\d+/", checked.stdout)
    assert len(accounts(checked.stdout)) == 7
    assert (checkout.state.root / "demo-accounts.txt").stat().st_mode & 0o777 == 0o600
    assert not checkout.processes()


def test_a_proxy_is_not_asked_for_what_runs_on_this_machine(checkout):
    nobody = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9") | {"no_proxy": ""}
    checked = checkout.run("--check", **nobody)
    assert checked.returncode == 0, checked.stderr
    assert "lfrweb is ready" in checked.stdout


def test_it_keeps_its_data_restarts_what_dies_and_stops_at_ctrl_c(checkout):
    before = (checkout.state.root / "demo-accounts.txt").read_text()
    with checkout.running() as process:
        assert (checkout.state.root / "demo-accounts.txt").read_text() == before
        assert health(checkout) == {
            "healthy": True,
            "database": True,
            "redis": True,
            "workers": {queue: {"warm": 1, "expected": 1} for queue in ("frames", "verify", "default", "clock")},
        }
        parts = {"web", "frames", "verify", "default", "beat", "postgres", "redis", "supervisor", "total"}
        assert set(Usage(checkout.state.root).read()["rss_mb"]) == parts

        users = checkout.manage("shell", "-c", "from watchlist.models import User; print(User.objects.count())")
        assert users.stdout.split()[-1] == "7", users.stderr

        second = checkout.run()
        assert second.returncode == 1
        assert f"./run is already running in this checkout (process {process.pid})." in second.stderr
        assert "It answers at http://127.0.0.1:" in second.stderr

        worker = recorded(checkout.state)["default"][0]
        worker.kill()
        wait_until(lambda: (living := recorded(checkout.state).get("default")) and living[0] != worker)

        assert "Stopping" in interrupt(process)
        assert process.returncode == 0
    assert not checkout.processes()
    assert not (checkout.state.root / "address").exists()


def test_with_nohup_it_outlives_its_terminal(checkout):
    with checkout.running("nohup") as process:
        os.killpg(process.pid, signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        assert health(checkout)["healthy"]
        os.killpg(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0


def test_it_ends_what_a_killed_run_left_behind(checkout):
    with checkout.running() as process:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    left = checkout.processes()
    assert checkout.supervisor() in left
    again = checkout.run("--check")
    assert again.returncode == 0, again.stderr
    ended = "beat, clock, default, frames, postgres, redis, supervisor, verify, web"
    assert f"Ended what an earlier run left behind: {ended}." in again.stdout
    assert not any(process.is_running() for process in left)
    assert not checkout.processes()


def test_manage_starts_servers_of_its_own_where_none_run(checkout):
    counted = checkout.manage("shell", "-c", "from watchlist.models import User; print(User.objects.count())")
    assert counted.stdout.split()[-1] == "7", counted.stderr
    assert not checkout.processes()


def test_a_server_of_ones_own_takes_the_place_of_the_embedded(checkout, services):
    outside = services.database_url(OWNER_ROLE)
    shown = checkout.run("--check", DATABASE_URL="mysql://somewhere/lfrweb")
    assert shown.returncode == 1
    assert "DATABASE_URL must start with postgresql://" in shown.stderr + shown.stdout
    checked = checkout.run("--check", DATABASE_URL=outside, REDIS_URL=services.redis_url, LFR_SECRET_KEY="s" * 50)
    assert checked.returncode == 0, checked.stderr
    assert not accounts(checked.stdout)
    assert "manage.py create_administrator USERNAME" in checked.stdout
    assert not recorded(checkout.state)
