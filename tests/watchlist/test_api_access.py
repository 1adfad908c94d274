"""Every role at every address of the API, and the one shape in which it refuses."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import AsyncClient, Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import (
    PASSWORD,
    Cast,
    browser,
    camera_of,
    make_alert,
    make_cast,
    make_live,
    make_reference,
    make_staff,
    make_subject,
)
from watchlist.models import Answer, AuditEntry, Resemblance
from watchlist.services.decisions import alert_decide
from watchlist.services.passages import passage_note
from watchlist.services.references import Resembling
from watchlist.services.stops import stop_start
from watchlist.services.users import password_set, user_update

PEOPLE = ("ada", "sam", "olga", "finn", "audrey", "adam", "nell")
UNKNOWN = "00000000-0000-4000-8000-000000000000"

# For each address who gets an answer, and what the others are told: 404 hides what they may not know of.
MATRIX: dict[tuple[str, str], tuple[set[str], dict[str, int]]] = {
    ("get", "deployment"): ({"ada", "sam", "olga", "finn", "audrey", "adam"}, {"nell": 404}),
    ("get", "cameras"): ({"ada", "sam", "olga", "finn", "audrey", "adam"}, {"nell": 404}),
    ("get", "alerts"): ({"olga", "finn", "audrey"}, {"nell": 404}),
    ("get", "alert"): ({"olga", "finn", "audrey"}, {"nell": 404}),
    ("get", "stops"): ({"finn", "audrey"}, {"nell": 404}),
    ("post", "alert-decide"): ({"olga"}, {"nell": 404}),
    ("post", "stops"): ({"finn"}, {"nell": 404}),
    ("post", "stop-end"): ({"finn"}, {"nell": 404}),
    ("get", "subjects"): ({"sam", "audrey"}, {}),
    ("post", "subjects"): ({"sam"}, {}),
    ("get", "subject"): ({"sam", "audrey"}, {}),
    ("post", "references"): ({"sam"}, {}),
    ("get", "reference"): ({"sam", "audrey"}, {}),
    ("get", "warnings"): ({"sam", "audrey"}, {}),
    ("post", "warning-answer"): ({"sam"}, {}),
    ("get", "figures"): ({"olga", "audrey"}, {"nell": 404}),
    ("get", "recognition"): ({"ada", "sam", "olga", "finn", "audrey", "adam"}, {"nell": 404}),
    ("get", "passages"): ({"olga", "audrey"}, {"nell": 404}),
    ("post", "passages"): ({"olga"}, {"nell": 404}),
    ("post", "passage-correct"): ({"olga"}, {"nell": 404}),
    ("post", "passage-strike"): ({"olga"}, {"nell": 404}),
    ("post", "staff"): ({"sam"}, {}),
    ("post", "staff-consent"): ({"sam"}, {}),
    ("post", "staff-withdraw"): ({"sam"}, {}),
    ("get", "audit-export"): ({"audrey"}, {}),
}


@pytest.fixture
def objects(cast: Cast) -> dict[str, Any]:
    subject = make_subject(cast)
    reference = make_reference(cast, subject)
    alike = [Resembling(reference.pk, Resemblance.Kind.LOOK_ALIKE, 0.94)]
    staff = make_staff(cast)
    deployment = make_live(cast, subject, staff, seeded_staff=True)
    passage = passage_note(
        actor=cast.olga, deployment=deployment, camera=camera_of(deployment), subject=staff, now=timezone.now()
    )
    alert = make_alert(deployment)
    alert_decide(actor=cast.olga, alert=alert, answer=Answer.SAME, reason="Same scar.", now=timezone.now())
    alert.refresh_from_db()
    stop = stop_start(actor=cast.finn, deployment=deployment, alert=alert, grounds=["alert"], now=timezone.now())
    return {
        "deployment": deployment,
        "cameras": deployment,
        "alerts": deployment,
        "figures": deployment,
        "recognition": deployment,
        "passages": deployment,
        "passage-correct": passage,
        "passage-strike": passage,
        "staff-consent": staff,
        "staff-withdraw": staff,
        "alert": alert,
        "alert-decide": alert,
        "stops": deployment,
        "stop-end": stop,
        "subject": subject,
        "references": subject,
        "reference": reference,
        "warning-answer": make_reference(cast, make_subject(cast), resemblances=alike).resemblances.get(),
    }


def address(name: str, objects: dict[str, Any]) -> str:
    return reverse(f"api:{name}", args=[objects[name].pk] if name in objects else [])


@pytest.mark.parametrize("asked", MATRIX, ids="-".join)
def test_each_address_answers_its_roles_and_no_others(
    asked: tuple[str, str], cast: Cast, objects: dict[str, Any]
) -> None:
    """Bodies are empty: whoever may write is told what is missing (400), and nothing is written."""
    verb, name = asked
    answered, told = MATRIX[asked]
    allowed = 200 if verb == "get" else 400
    expected = {person: allowed if person in answered else told.get(person, 403) for person in PEOPLE}
    got = {person: send(browser(getattr(cast, person)), verb, name, objects).status_code for person in PEOPLE}
    assert got == expected


def send(client: Client, verb: str, name: str, objects: dict[str, Any]) -> Any:
    if verb == "get":
        return client.get(address(name, objects))
    kind = "multipart/form-data; boundary=x" if name == "references" else "application/json"
    return client.post(address(name, objects), b"--x--\r\n" if name == "references" else {}, content_type=kind)


@pytest.mark.parametrize("asked", MATRIX, ids="-".join)
def test_nobody_is_answered_without_a_session_or_token(asked: tuple[str, str], objects: dict[str, Any]) -> None:
    response = send(Client(), *asked, objects)
    assert response.status_code == 401
    assert response.json()["code"] == "not_authenticated"
    assert response["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("name", ["deployment", "cameras", "alerts", "alert", "stops", "subject", "reference"])
def test_what_does_not_exist_is_not_found(name: str, cast: Cast) -> None:
    response = browser(cast.audrey).get(reverse(f"api:{name}", args=[UNKNOWN]))
    assert response.status_code == 404
    assert set(response.json()) == {"code", "message", "fields"}
    assert response.json()["code"].startswith("no_")


def test_a_person_sees_the_deployments_of_their_roles(cast: Cast, objects: dict[str, Any]) -> None:
    listed = {
        person: browser(getattr(cast, person)).get(reverse("api:deployments")).json()["count"] for person in PEOPLE
    }
    assert listed == {"ada": 1, "sam": 1, "olga": 1, "finn": 1, "audrey": 1, "adam": 1, "nell": 0}


@pytest.mark.parametrize(
    ("path", "body", "kind", "status", "code", "fields"),
    [
        ("subjects", b"{", "application/json", 400, "parse_error", set()),
        ("subjects", b"<a/>", "text/xml", 415, "unsupported_media_type", set()),
        ("subjects", b'{"category": "loiterer"}', "application/json", 400, "invalid", {"category", "name"}),
    ],
)
def test_every_refusal_has_one_shape(
    path: str, body: bytes, kind: str, status: int, code: str, fields: set[str], cast: Cast
) -> None:
    response = browser(cast.sam).post(reverse(f"api:{path}"), body, content_type=kind)
    assert response.status_code == status
    refusal = response.json()
    assert set(refusal) == {"code", "message", "fields"}
    assert refusal["code"] == code
    assert fields <= set(refusal["fields"])
    assert all(isinstance(text, str) for texts in refusal["fields"].values() for text in texts)


def test_a_wrong_verb_has_the_shape_too(cast: Cast) -> None:
    response = browser(cast.sam).put(reverse("api:subjects"))
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


def test_a_session_needs_the_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.sam, backend="watchlist.backends.RoleBackend")
    response = client.post(reverse("api:subjects"), {}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


@pytest.fixture
def no_requests_counted(cast: Cast) -> None:
    """The counts of earlier tests would slow this one's requests."""
    cache.clear()


@pytest.mark.usefixtures("no_requests_counted")
class TestToken:
    def issue(self, password: str = PASSWORD, username: str = "olga") -> Any:
        credentials = {"username": username, "password": password}
        return Client().post(reverse("api:token"), credentials, content_type="application/json")

    def test_it_is_issued_for_credentials_and_opens_the_api_until_revoked(self, cast: Cast) -> None:
        deployment = make_live(cast)
        token = self.issue().json()["token"]
        program = Client(headers={"Authorization": f"Token {token}"})
        listed = program.get(reverse("api:deployments")).json()["results"]
        assert [found["id"] for found in listed] == [str(deployment.pk)]
        assert program.delete(reverse("api:token")).status_code == 204
        assert program.get(reverse("api:deployments")).status_code == 401
        actions = AuditEntry.objects.filter(action__startswith="token.").order_by("seq")
        assert list(actions.values_list("action", "actor")) == [
            ("token.issued", str(cast.olga.pk)),
            ("token.revoked", str(cast.olga.pk)),
        ]
        assert not AuditEntry.objects.filter(body__contains=token).exists()

    def test_an_inactive_person_gets_none_and_theirs_is_dead(self, cast: Cast) -> None:
        token = self.issue().json()["token"]
        cast.olga.is_active = False
        cast.olga.save()
        assert self.issue().status_code == 401
        program = Client(headers={"Authorization": f"Token {token}"})
        assert program.get(reverse("api:deployments")).status_code == 401

    def test_it_ends_with_the_password_and_with_the_account(self, cast: Cast) -> None:
        for end in (
            lambda: password_set(actor=cast.adam, user=cast.olga, password=PASSWORD),
            lambda: user_update(actor=cast.adam, user=cast.olga, display_name="Olga", is_active=False),
        ):
            token = self.issue().json()["token"]
            end()
            user_update(actor=cast.adam, user=cast.olga, display_name="Olga", is_active=True)
            program = Client(headers={"Authorization": f"Token {token}"})
            assert program.get(reverse("api:deployments")).status_code == 401
            entry = AuditEntry.objects.filter(action="token.revoked").latest("seq")
            assert (entry.actor, str(cast.olga.pk) in entry.body) == (str(cast.adam.pk), True)

    def test_an_administrator_revokes_it_where_there_is_one(self, cast: Cast) -> None:
        admin, user = browser(cast.adam), reverse("admin:watchlist_user_change", args=[cast.olga.pk])
        revoke = reverse("admin:watchlist_user_revoke_token", args=[cast.olga.pk])
        assert revoke not in admin.get(user).content.decode()
        token = self.issue().json()["token"]
        assert revoke in admin.get(user).content.decode()
        assert browser(cast.sam).post(revoke).status_code == 403
        admin.post(revoke)
        program = Client(headers={"Authorization": f"Token {token}"})
        assert program.get(reverse("api:deployments")).status_code == 401
        assert AuditEntry.objects.get(action="token.revoked").actor == str(cast.adam.pk)

    def test_guessing_locks_the_account(self, cast: Cast) -> None:
        codes = [self.issue("a wrong password").json()["code"] for _ in range(6)]
        assert codes[0] == "wrong_credentials"
        assert codes[-1] == "locked_out"
        refused = self.issue()
        assert refused.status_code == 429
        assert set(refused.json()) == {"code", "message", "fields"}

    def test_guessing_for_many_names_is_slowed(self, cast: Cast) -> None:
        statuses = {self.issue("a wrong password", f"nobody{number}").status_code for number in range(22)}
        assert statuses == {401, 429}


def test_the_schema_is_complete_and_without_warnings(tmp_path: Any) -> None:
    written = tmp_path / "schema.json"
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(written))
    schema = json.loads(written.read_text())
    paths = {path for path in schema["paths"] if path.startswith("/api/v1/")}
    assert len(paths) == 24


@pytest.fixture
def committed_cast(committed_db: None) -> Cast:
    return make_cast()


async def collected(response: Any) -> str:
    return b"".join([part async for part in response.streaming_content]).decode()


async def test_the_record_is_exported_line_by_line_and_the_export_recorded(committed_cast: Cast) -> None:
    client = AsyncClient()
    await client.aforce_login(committed_cast.audrey, backend="watchlist.backends.RoleBackend")
    response = await client.get(reverse("api:audit-export"))
    assert response["Content-Type"] == "application/x-ndjson"
    assert response["Cache-Control"] == "no-store"
    entries = [json.loads(line) for line in (await collected(response)).splitlines()]
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    last = json.loads(entries[-1]["body"])
    assert (last["action"], last["actor"]) == ("record.exported", str(committed_cast.audrey.pk))
