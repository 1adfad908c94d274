"""What the environment names, and how the libraries want it written."""

import json
import os
import socket
import subprocess
import sys

import pytest

from lfrweb.embedded.address import choose_port
from lfrweb.embedded.errors import CannotStart
from lfrweb.embedded.paths import CHECKOUT
from lfrweb.env import celery_broker_url, database, demo_is_wanted

SHOW = """
import json
from django.conf import settings
database = settings.DATABASES["default"]
names = ("USER", "PASSWORD", "HOST", "PORT", "NAME")
print(json.dumps({name: database[name] for name in names}
    | {"owner": settings.LFR_OWNER_URL, "redis": settings.LFR_REDIS_URL, "broker": settings.CELERY_BROKER_URL,
       "demo": settings.LFR_DEMO, "secret": settings.SECRET_KEY}))
"""


def settings_of(folder, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LFR_")}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=CHECKOUT,
        env=kept | {"DJANGO_SETTINGS_MODULE": "lfrweb.settings", "LFR_VAR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_addresses_they_are_computed_and_nothing_is_started(tmp_path):
    shown = json.loads(settings_of(tmp_path).stdout)
    assert shown["USER"] == "lfrweb_app"
    assert shown["HOST"] == str(tmp_path / "postgres")
    assert "lfrweb_owner" in shown["owner"]
    assert shown["redis"] == f"unix://{tmp_path}/sockets/redis.sock"
    assert shown["broker"] == f"redis+socket://{tmp_path}/sockets/redis.sock?virtual_host=0"
    assert shown["demo"] is True
    assert {path.name for path in tmp_path.iterdir()} == {"secret.key", "master.key"}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_named_servers_take_the_place_of_the_embedded_and_the_demo_stays_out(tmp_path):
    outside = {
        "DATABASE_URL": "postgresql://app:p%40ss@db.example:5433/lfr",
        "DATABASE_OWNER_URL": "postgresql://owner:o@db.example:5433/lfr",
        "REDIS_URL": "rediss://:word@cache.example:6380/2",
        "LFR_SECRET_KEY": "of my own",
    }
    shown = json.loads(settings_of(tmp_path, **outside).stdout)
    assert [shown[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "app",
        "p@ss",
        "db.example",
        5433,
        "lfr",
    ]
    assert shown["owner"] == outside["DATABASE_OWNER_URL"]
    assert shown["redis"] == shown["broker"] == outside["REDIS_URL"]
    assert shown["secret"] == "of my own"
    assert shown["demo"] is False


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "sqlite:///db", "PostgreSQL is the only database"),
        ("REDIS_URL", "memory://", "REDIS_URL must start with redis://"),
        ("LFR_MASTER_KEY", "short", "LFR_MASTER_KEY must be 32 bytes in URL-safe base64"),
    ],
)
def test_an_address_that_cannot_serve_is_refused_with_a_sentence(tmp_path, name, value, sentence):
    failed = settings_of(tmp_path, **{name: value})
    assert failed.returncode == 1
    assert sentence in failed.stderr


NUMBER = "has to be a whole number from 1 to"
SWITCH = "has to be one of 1, 0, yes, no, true, false, on, off."
UNFIT = [
    ("LFR_PORT", "abc", f"LFR_PORT is 'abc', and {NUMBER} 65535."),
    ("LFR_PORT", "70000", f"LFR_PORT is '70000', and {NUMBER} 65535."),
    ("LFR_PORT", "0", f"LFR_PORT is '0', and {NUMBER} 65535."),
    ("LFR_WORKERS", "x", f"LFR_WORKERS is 'x', and {NUMBER} 1024."),
    ("LFR_WORKERS", "-1", f"LFR_WORKERS is '-1', and {NUMBER} 1024."),
    ("LFR_PROXIES", "-1", "LFR_PROXIES is '-1', and has to be a whole number from 0 to 16."),
    ("LFR_WORKERS", "1.5", f"LFR_WORKERS is '1.5', and {NUMBER} 1024."),
    ("LFR_DEMO", "maybe", f"LFR_DEMO is 'maybe', and {SWITCH}"),
    ("LFR_DEBUG", "2", f"LFR_DEBUG is '2', and {SWITCH}"),
    ("LFR_BEHIND_TLS", "https", f"LFR_BEHIND_TLS is 'https', and {SWITCH}"),
    ("LFR_ACCEPT_PERSISTENT_REDIS", "sure", f"LFR_ACCEPT_PERSISTENT_REDIS is 'sure', and {SWITCH}"),
    ("LFR_DEEPFACE_BACKEND", "torch", "LFR_DEEPFACE_BACKEND is 'torch', and has to be onnx or tensorflow."),
    ("DATABASE_URL", "postgresql://db:abc/lfr", "DATABASE_URL cannot be read: write special characters"),
    ("DATABASE_URL", "postgresql://lfr:half/secret@db/lfr", "DATABASE_URL cannot be read: write special characters"),
    ("REDIS_URL", "redis://[::1", "REDIS_URL cannot be read: write special characters"),
    ("LFR_MASTER_KEY", "short", "LFR_MASTER_KEY must be 32 bytes in URL-safe base64."),
]


@pytest.mark.parametrize(("name", "value", "sentence"), UNFIT, ids=[f"{name}={value}" for name, value, _ in UNFIT])
def test_a_value_that_cannot_serve_is_named_before_anything_is_started(tmp_path, name, value, sentence):
    kept = {each: text for each, text in os.environ.items() if not each.startswith("LFR_")}
    ended = subprocess.run(
        [sys.executable, "-m", "lfrweb.run", "--check"],
        cwd=CHECKOUT,
        env=kept | {"LFR_VAR": str(tmp_path), name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(sentence)
    assert len(ended.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


@pytest.mark.parametrize(("value", "wanted"), [("", True), ("0", False), ("No", False), ("ON", True), ("1", True)])
def test_a_switch_is_read_in_any_of_its_ways(monkeypatch, value, wanted):
    monkeypatch.setenv("LFR_DEMO", value)
    assert demo_is_wanted() is wanted


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("redis://cache:6379/1", "redis://cache:6379/1"),
    ],
)
def test_celery_writes_a_socket_in_its_own_way(url, broker):
    assert celery_broker_url(url) == broker


def test_a_socket_folder_may_stand_where_a_host_would():
    assert database("postgresql://app@%2Frun%2Fpg/lfr")["HOST"] == "/run/pg"


def test_the_next_free_port_is_found_and_a_wanted_one_is_not_exchanged():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port} is taken"):
            choose_port(port)
    assert choose_port(port) == port
    assert choose_port(None) >= 8000
