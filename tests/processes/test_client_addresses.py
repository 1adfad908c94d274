"""Which client is locked out or slowed: the one that the counted proxies name, and never one that it names itself."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import HttpCommunicator
from django.core.cache import cache

from lfrweb.asgi import pages
from lfrweb.checks import proxies_counted
from lfrweb.proxies import ClientBehindProxies
from tests.cast import PASSWORD, Cast, make_cast
from watchlist.services.users import password_set

PROXY = "127.0.0.1"


async def client_seen(proxies: int, *forwarded: bytes) -> str:
    seen = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    headers = [(b"host", b"localhost"), *[(b"x-forwarded-for", value) for value in forwarded]]
    scope = {"type": "http", "client": [PROXY, 40000], "headers": headers}
    await ClientBehindProxies(inner, proxies=proxies)(scope, None, None)
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, [b"203.0.113.5"], PROXY),
        (1, [b"203.0.113.5"], "203.0.113.5"),
        (1, [b"198.51.100.1, 203.0.113.5"], "203.0.113.5"),
        (1, [b"198.51.100.1", b"203.0.113.5"], "203.0.113.5"),
        (2, [b"198.51.100.1, 203.0.113.5,10.0.0.2"], "203.0.113.5"),
        (1, [b"2001:db8::5"], "2001:db8::5"),
        (1, [], PROXY),
        (2, [b"203.0.113.5"], PROXY),
        (1, [b"unknown"], PROXY),
        (-1, [b"198.51.100.1, 203.0.113.5"], PROXY),
    ],
)
async def test_the_address_that_the_outermost_counted_proxy_added_is_the_clients(
    proxies: int, forwarded: list[bytes], client: str
) -> None:
    assert await client_seen(proxies, *forwarded) == client


@pytest.fixture
def people(committed_db: None) -> Cast:
    cache.clear()
    return make_cast()


async def sign_in(*, proxies: int, forwarded: str, username: str = "olga", password: str = "a wrong one") -> str:
    """The code of the API's refusal to issue a token, or the name of what it issued."""
    body = json.dumps({"username": username, "password": password}).encode()
    headers = [
        (b"host", b"localhost"),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-forwarded-for", forwarded.encode()),
    ]
    asked = HttpCommunicator(ClientBehindProxies(pages, proxies=proxies), "POST", "/api/v1/token/", body, headers)
    asked.scope["client"] = [PROXY, 40000]
    said = json.loads((await asked.get_response(timeout=30))["body"])
    await asked.wait(30)  # until its connection is given back
    return said.get("code") or next(iter(said))


async def test_who_guesses_behind_a_counted_proxy_locks_nobody_else_out(people: Cast) -> None:
    for number in range(6):
        refused = await sign_in(proxies=1, forwarded=f"198.51.100.{number}, 203.0.113.5")
    assert refused == "locked_out"
    assert await sign_in(proxies=1, forwarded="203.0.113.6", password=PASSWORD) == "token"


async def test_a_made_up_header_is_no_way_around_lock_and_throttle(people: Cast) -> None:
    for number in range(6):
        refused = await sign_in(proxies=0, forwarded=f"198.51.100.{number}")
    assert refused == "locked_out"
    refusals = {
        await sign_in(proxies=0, forwarded=f"203.0.113.{number}", username=f"nobody{number}") for number in range(20)
    }
    assert "throttled" in refusals


async def test_a_new_password_from_an_administrator_ends_the_lock(people: Cast) -> None:
    for _ in range(6):
        refused = await sign_in(proxies=0, forwarded="")
    assert refused == "locked_out"
    await sync_to_async(password_set)(actor=people.adam, user=people.olga, password=PASSWORD)
    assert await sign_in(proxies=0, forwarded="", password=PASSWORD) == "token"


@pytest.mark.parametrize(
    ("header", "proxies", "warns"),
    [(("HTTP_X_FORWARDED_PROTO", "https"), 0, True), (("HTTP_X_FORWARDED_PROTO", "https"), 1, False), (None, 0, False)],
)
def test_a_proxy_that_is_not_counted_is_warned_of(header: Any, proxies: int, warns: bool, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER, settings.LFR_PROXIES = header, proxies
    assert bool(proxies_counted()) is warns
