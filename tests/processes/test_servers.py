"""PostgreSQL and Redis of a state folder: who holds it, who may enter it, what a killed process leaves there."""

import os
import shutil
import signal
import stat
import subprocess
import sys

import psutil
import psycopg
import pytest
import redis as client

from lfrweb.embedded import recorded, redis
from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.folders import make_private, make_root
from lfrweb.embedded.lock import Held, held
from lfrweb.embedded.paths import APP_ROLE, CHECKOUT, LONGEST_SOCKET_PATH, StateFolder, Wanted
from lfrweb.embedded.processes import REDIS, STATE_VARIABLE, end_leftovers, record
from lfrweb.embedded.processes import recorded as recorded_processes
from lfrweb.embedded.servers import own_servers, servers

REDIS_ALONE = Wanted(postgres=False)


def answered(state: StateFolder) -> str:
    with psycopg.connect(state.database_url(APP_ROLE)) as connection:
        return connection.execute("SELECT current_user").fetchone()[0]


def test_a_second_holder_is_told_who_the_first_is(state, monkeypatch):
    monkeypatch.setenv("LFR_COMMAND", "./run")
    first = rf"^\./run is already running in this checkout \(process {os.getpid()}\)\.$"
    with held(state), pytest.raises(Held, match=first):
        held(state).__enter__()
    with held(state):
        pass


def test_running_servers_are_used_and_left_running(services):
    with servers(services, wanted=Wanted()):
        assert answered(services) == APP_ROLE
    assert redis.answers(services.redis_url)


def test_own_servers_end_with_the_block_and_keep_their_data(state):
    with servers(state, wanted=Wanted()), psycopg.connect(state.database_url("lfrweb_owner")) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    with pytest.raises(psycopg.OperationalError):
        answered(state)
    assert not redis.answers(state.redis_url)
    with servers(state, wanted=Wanted()), psycopg.connect(state.database_url("lfrweb_owner")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_sockets_of_a_long_path_move_to_private_folders(services):
    state = StateFolder(services.root / ("long" * 12) / ("path" * 12))
    assert len(os.fsencode(state.redis_socket)) <= LONGEST_SOCKET_PATH
    try:
        with servers(state, wanted=Wanted()):
            assert answered(state) == APP_ROLE
            assert redis.answers(state.redis_url)
            for folder in (state.sockets, state.postgres_sockets):
                assert not folder.is_relative_to(state.root)
                assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not state.sockets.exists()
        assert not state.postgres_sockets.exists()
    finally:
        shutil.rmtree(services.root / ("long" * 12))


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_private_folder_that_others_may_enter_is_refused_and_left_as_it_is(tmp_path, mode):
    folder = tmp_path / "sockets"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(CannotStart, match="has to be a folder of mode 700"):
        make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == mode


def test_a_link_in_place_of_a_private_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "sockets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotStart, match="has to be a folder"):
        make_private(tmp_path / "sockets")


@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL runs as another account only where this one is root")
def test_a_folder_that_the_servers_account_cannot_enter_is_named_and_left_closed(services):
    closed = services.root / "closed"
    closed.mkdir(mode=0o700)
    try:
        with pytest.raises(CannotStart, match=rf"cannot enter {closed}\. Move"):
            servers(StateFolder(closed / "state"), wanted=Wanted()).__enter__()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        # With a PostgreSQL of one's own, as the sentence advises, it may stay closed.
        state = StateFolder(closed / "state")
        with servers(state, wanted=REDIS_ALONE):
            assert redis.answers(state.redis_url)
    finally:
        shutil.rmtree(closed)


def test_the_embedded_redis_writes_nothing(services):
    with client.Redis.from_url(services.redis_url) as connection:
        assert connection.config_get("save") == {"save": ""}
        assert connection.config_get("appendonly") == {"appendonly": "no"}
        for command in ("SAVE", "BGSAVE", "BGREWRITEAOF"):
            with pytest.raises(client.ResponseError, match="unknown command"):
                connection.execute_command(command)
    redis.refuse_persistence(services.redis_url)


@pytest.mark.parametrize(
    "persistence", [("--save", "60", "1", "--appendonly", "no"), ("--save", "", "--appendonly", "yes")]
)
def test_a_redis_that_persists_is_refused(tmp_path, persistence):
    socket = tmp_path / "redis.sock"
    server = redis.command(StateFolder(tmp_path))[0]
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path), *persistence]
    process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)
    try:
        with client.Redis.from_url(f"unix://{socket}", retry=patient()) as connection:
            connection.ping()
        with pytest.raises(CannotStart, match="LFR_ACCEPT_PERSISTENT_REDIS=1"):
            redis.refuse_persistence(f"unix://{socket}")
    finally:
        process.terminate()
        process.wait()


def test_a_redis_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(CannotStart, match="does not answer"):
        redis.refuse_persistence(f"unix://{tmp_path}/none.sock")


def test_what_a_killed_process_left_is_ended_by_its_record(state):
    script = (
        "import os, signal, sys\n"
        "from lfrweb.embedded.lock import held\n"
        "from lfrweb.embedded.paths import StateFolder, Wanted\n"
        "from lfrweb.embedded.servers import servers\n"
        "from pathlib import Path\n"
        "with servers(StateFolder(Path(sys.argv[1])), wanted=Wanted(postgres=False)):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(state.root)], cwd=CHECKOUT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert redis.answers(state.redis_url)
    with held(state):
        assert end_leftovers(state) == [REDIS]
    assert not redis.answers(state.redis_url)
    with held(state), own_servers(state, wanted=REDIS_ALONE):
        assert redis.answers(state.redis_url)


def test_a_recorded_number_that_went_to_another_process_is_left_alone(state):
    make_root(state)
    other = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        record(state, name="web", pid=other.pid)
        path = state.root / "processes" / "web"
        pid, started = path.read_text().split()
        path.write_text(f"{pid} {float(started) - 60}")
        assert end_leftovers(state) == []
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("left", ["", "17", "17 then", "\0" * 20])
def test_a_record_that_says_nothing_is_passed_over_and_removed(state, left):
    make_root(state)
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        record(state, name="frames", pid=process.pid)
        (state.root / "processes" / "web").write_text(left)
        assert list(recorded_processes(state)) == ["frames"]
        assert end_leftovers(state) == ["frames"]
        assert process.wait(5)
    finally:
        process.kill()
    assert [path.name for path in state.root.iterdir()] == ["processes"]
    assert not any((state.root / "processes").iterdir())


def test_members_of_a_group_are_ended_when_its_leader_is_gone(state):
    make_root(state)
    # The leader says who its child is, and ends.
    program = ["/bin/sh", "-c", "sleep 60 >/dev/null & echo $!"]
    leader = subprocess.run(
        recorded.command(state, name="frames", account=None, program=program),
        cwd=CHECKOUT,
        env=os.environ | {STATE_VARIABLE: str(state.root)},
        stdout=subprocess.PIPE,
        start_new_session=True,
        check=True,
    )
    member = int(leader.stdout)
    os.kill(member, 0)
    assert end_leftovers(state) == ["frames"]
    assert not psutil.pid_exists(member) or psutil.Process(member).status() == psutil.STATUS_ZOMBIE


def patient() -> client.retry.Retry:
    return client.retry.Retry(client.backoff.ConstantBackoff(0.1), retries=100)
