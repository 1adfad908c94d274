"""`manage.py`: which servers a command has, and for how long."""

import os
import subprocess
import sys
import time
from uuid import uuid4

import pytest

from lfrweb.embedded import redis
from lfrweb.embedded.paths import CHECKOUT

# As manage.py: the servers, then the work, which here lasts until it is told to end.
COMMAND = """
import sys
from pathlib import Path
from lfrweb.embedded import redis
from lfrweb.embedded.paths import StateFolder, Wanted
from lfrweb.embedded.servers import servers

state = StateFolder(Path(sys.argv[1]))
for line in sys.stdin:
    with servers(state, wanted=Wanted(postgres=False)):
        assert redis.answers(state.redis_url)
        print("working", flush=True)
        sys.stdin.readline()
        assert redis.answers(state.redis_url)
    print("ended", flush=True)
"""


@pytest.fixture
def command(state):
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(state.root)],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def manage(folder, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env=os.environ | {"LFR_VAR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def say(process, line):
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def test_a_value_that_cannot_serve_is_named(tmp_path):
    ended = manage(tmp_path, "check", LFR_WORKERS="x")
    assert ended.returncode == 1
    assert ended.stderr == "LFR_WORKERS is 'x', and has to be a whole number from 1 to 1024.\n"


def test_a_stream_to_elsewhere_starts_no_servers(tmp_path):
    ended = manage(tmp_path, "stream", "none.mp4", f"--camera={uuid4()}", "--token=t", "--url=ws://127.0.0.1:9")
    assert "There is no file none.mp4" in ended.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"secret.key", "master.key"}


def test_the_weights_are_looked_after_without_servers(tmp_path):
    ended = manage(tmp_path, "models", "verify", "dlib", f"--cache={tmp_path / 'cache'}")
    assert (ended.returncode, ended.stdout.split()) == (0, ["dlib", "sound"])
    assert {path.name for path in tmp_path.iterdir()} == {"secret.key", "master.key"}


def test_weights_that_are_not_sound_end_with_one(tmp_path):
    ended = manage(tmp_path, "models", "verify", "arcface", f"--cache={tmp_path / 'cache'}")
    assert ended.returncode == 1
    assert "arcface_weights.onnx is not installed" in ended.stdout


def test_servers_stay_until_the_last_command_that_uses_them_has_ended(state, command):
    first, second = command(), command()
    for process in (first, second):
        say(process, "begin")
        assert process.stdout.readline() == "working\n"

    say(first, "end")
    assert "Another command uses the servers" in first.stderr.readline()
    time.sleep(0.5)
    assert redis.answers(state.redis_url)

    say(second, "end")
    assert second.stdout.readline() == "ended\n"
    assert first.stdout.readline() == "ended\n"
    assert not redis.answers(state.redis_url)


def test_commands_that_come_and_go_at_once_all_have_servers(command):
    commands = [command() for _ in range(4)]
    for process in commands:
        process.stdin.write("begin\nend\n" * 3)
        process.stdin.close()
    for process in commands:
        assert process.wait(60) == 0, process.stderr.read()
        assert process.stdout.read() == "working\nended\n" * 3
