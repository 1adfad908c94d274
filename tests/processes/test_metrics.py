"""Who may read the counts: the machine's own monitoring, and nobody through a proxy."""

import pytest
from django.test import Client


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1"])
def test_it_answers_the_machine_itself(client: Client, address: str) -> None:
    answer = client.get("/metrics", REMOTE_ADDR=address, headers={"Host": "localhost:8000"})
    assert answer.status_code == 200
    assert b"django_http_requests_total_by_method_total" in answer.content


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("2001:db8::7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}),
        ("127.0.0.1", {"Host": "testserver"}),
    ],
)
def test_it_is_not_there_for_anybody_else(client: Client, address: str, headers: dict[str, str]) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address, headers={"Host": "127.0.0.1"} | headers).status_code == 404
