"""Two acts on accounts at the same instant: of what excludes each other one happens, and no token outlives its end."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import transaction

from tests.cast import Cast, make_cast, make_user
from tests.racing import ROUNDS, WAIT_SECONDS, at_once, refused, sound
from watchlist.models import Appointment, AuditEntry, Role, User
from watchlist.selectors.users import administrators, has_token
from watchlist.services.tokens import token_issue
from watchlist.services.users import (
    appointment_add,
    appointment_remove,
    first_administrator_create,
    password_set,
    user_update,
)


@pytest.fixture
def people(committed_db: None) -> Cast:
    return make_cast()


def test_nobody_becomes_auditor_and_operator_at_once(people: Cast) -> None:
    roles = (Role.AUDITOR, Role.OPERATOR)
    add = [lambda role=role: appointment_add(actor=people.adam, user=people.nell, role=role) for role in roles]
    assert len(refused(at_once(*add))) == 1
    assert people.nell.appointments.count() == 1


def test_of_two_administrators_who_deactivate_each_other_one_stays(people: Cast) -> None:
    for number in range(ROUNDS):
        one, other = administrators().get(), make_user(f"other{number}")
        appointment_add(actor=one, user=other, role=Role.ADMINISTRATOR)
        results = at_once(
            lambda one=one, other=other: user_update(actor=one, user=other, display_name="", is_active=False),
            lambda one=one, other=other: user_update(actor=other, user=one, display_name="", is_active=False),
        )
        assert len(refused(results)) == 1
        assert administrators().count() == 1
    assert sound()


def test_of_two_administrators_who_give_it_up_one_stays(people: Cast) -> None:
    for number in range(ROUNDS):
        other = make_user(f"other{number}")
        appointment_add(actor=administrators().get(), user=other, role=Role.ADMINISTRATOR)
        at_once(
            *[
                lambda own=own: appointment_remove(actor=own.user, appointment=own)
                for own in Appointment.objects.select_related("user").filter(role=Role.ADMINISTRATOR)
            ]
        )
        assert administrators().count() == 1
    assert sound()


def test_of_two_first_administrators_one_is_made(committed_db: None) -> None:
    results = at_once(
        *[
            lambda name=name: first_administrator_create(username=name, password="a long enough password")
            for name in ("alice", "bob")
        ]
    )
    assert len(refused(results)) == 1
    assert administrators().count() == User.objects.count() == 1
    assert sound()


@pytest.mark.parametrize("ending", ["password", "account"])
def test_no_token_outlives_what_ends_it(ending: str, people: Cast) -> None:
    """It is asked for with the old password while the end has happened, and nobody else can see that yet."""
    endings = {
        "password": lambda: password_set(actor=people.adam, user=people.olga, password="quite another password"),
        "account": lambda: user_update(actor=people.adam, user=people.olga, display_name="Olga", is_active=False),
    }
    signed_in = User.objects.get(pk=people.olga.pk)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            endings[ending]()
            asked = pool.submit(at_once, lambda: token_issue(actor=signed_in))
            assert not wait([asked], timeout=1).done
        assert len(refused(asked.result(WAIT_SECONDS))) == 1
    assert not has_token(people.olga)
    assert not AuditEntry.objects.filter(action="token.issued").exists()
