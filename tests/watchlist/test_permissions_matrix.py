"""Role × permission, printed and compared letter by letter; and every writing service asked by everybody."""

from collections.abc import Iterable

import pytest
from django.db import transaction

from tests.cast import (
    ROLES,
    Cast,
)
from tests.watchlist.every_service import SERVICES, Call, World, make_world, reread
from watchlist.errors import NotAllowed
from watchlist.models import (
    Appointment,
    Membership,
    Role,
    User,
)
from watchlist.permissions import permission_table

EXPECTED = """
|                         | Authoriser | Steward | Operator | Officer | Auditor | Administrator |
|-------------------------|------------|---------|----------|---------|---------|---------------|
| `users.manage`          |            |         |          |         |         | yes           |
| `subject.view`          |            | yes     |          |         | yes     |               |
| `subject.edit`          |            | yes     |          |         |         |               |
| `reference.view`        |            | yes     |          |         | yes     |               |
| `deployment.apply`      |            | yes     |          |         |         |               |
| `deployment.view`       | yes        | yes     | yes      | yes     | yes     | yes           |
| `deployment.approve`    | yes        |         |          |         |         |               |
| `deployment.staff`      |            | yes     |          |         |         |               |
| `deployment.run`        |            |         | yes      |         |         |               |
| `deployment.close`      | yes        |         | yes      |         |         | yes           |
| `promise.change`        | yes        | yes     |          |         |         |               |
| `promise.agree`         | yes        |         |          |         |         |               |
| `list.view`             | yes        | yes     |          |         | yes     |               |
| `list.edit`             |            | yes     |          |         |         |               |
| `frames.send`           |            |         | yes      |         |         |               |
| `alert.view`            |            |         | yes      |         | yes     |               |
| `alert.decide`          |            |         | yes      |         |         |               |
| `alert.view_confirmed`  |            |         | yes      | yes     | yes     |               |
| `passage.note`          |            |         | yes      |         |         |               |
| `passage.view`          |            |         | yes      |         | yes     |               |
| `stop.record`           |            |         |          | yes     |         |               |
| `stop.view`             |            |         |          | yes     | yes     |               |
| `audit.read`            |            |         |          |         | yes     |               |
"""


def test_the_table_is_this_one() -> None:
    assert _cells(permission_table()) == _cells(EXPECTED)


def _cells(table: str) -> list[list[str]]:
    rows = [line.strip("| ").split("|") for line in table.strip().splitlines() if "---" not in line]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


AT_A_DEPLOYMENT = tuple(
    name
    for name in SERVICES
    if name.startswith(("deployment_", "member_", "camera_", "list_", "alert_", "stop_", "promise_"))
    and name != "deployment_apply"
)
NOBODY: dict[str, set[str]] = {name: set() for name in SERVICES}
ONES_OWN = {"stop_end": {"finn"}}  # what was begun on the street is ended by whoever began it
PEOPLE = ROLES | {"adam": Role.ADMINISTRATOR, "nell": None}


def test_every_service_obeys_the_table_whoever_asks(world: World) -> None:
    expected = {
        name: {who for who, role in PEOPLE.items() if role in roles.split()} for name, (roles, _) in SERVICES.items()
    }
    assert {name: _allowed(world, name, PEOPLE) for name in SERVICES} == expected


def test_a_deactivated_person_may_do_nothing(world: World) -> None:
    User.objects.update(is_active=False)
    assert {name: _allowed(world, name, PEOPLE) for name in SERVICES} == NOBODY


def test_an_appointment_without_membership_counts_for_nothing_at_a_deployment(world: World) -> None:
    Membership.objects.all().delete()
    expected = {name: set[str]() for name in AT_A_DEPLOYMENT} | {"deployment_close": {"adam"}} | ONES_OWN
    assert {name: _allowed(world, name, PEOPLE) for name in AT_A_DEPLOYMENT} == expected


def test_a_membership_without_appointment_counts_for_nothing(world: World) -> None:
    Appointment.objects.all().delete()
    assert {name: _allowed(world, name, PEOPLE) for name in SERVICES} == NOBODY | ONES_OWN


def _allowed(world: World, service: str, people: Iterable[str]) -> set[str]:
    _, call = SERVICES[service]
    return {name for name in people if _outcome(call, world, getattr(world.cast, name))}


def _outcome(call: Call, world: World, actor: User) -> bool:
    """True where the call succeeded, False where it was refused for want of a role; undone either way."""
    with transaction.atomic():
        try:
            call(reread(world), User.objects.get(pk=actor.pk))
        except NotAllowed:
            return False
        finally:
            transaction.set_rollback(True)
    return True
