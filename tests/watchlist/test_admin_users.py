"""Accounts and appointments in the admin."""

from typing import Any

from django.urls import reverse

from tests.cast import PASSWORD, Cast, browser, make_user
from watchlist.models import AuditEntry, Role, User
from watchlist.services.users import appointment_add

# What the page's form says of its table of appointments.
NO_ROWS = {"appointments-TOTAL_FORMS": "0", "appointments-INITIAL_FORMS": "0"}


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:watchlist_{name}", args=args)


def test_an_administrator_makes_an_account_and_appoints(cast: Cast) -> None:
    client = browser(cast.adam)
    new = {"username": "paula", "display_name": "Paula", "password": PASSWORD}
    assert "too short" in client.post(page("user_add"), new | {"password": "short"}).content.decode()
    client.post(page("user_add"), new)
    paula = User.objects.get(username="paula")
    assert paula.check_password(PASSWORD)
    client.post(page("user_appoint", paula.pk), {"role": "officer"})
    appointment = paula.appointments.get()
    assert appointment.role == Role.OFFICER
    client.post(page("appointment_end", appointment.pk))
    assert not paula.appointments.exists()
    client.post(page("user_set_password", paula.pk), {"password": "quite another password"})
    paula.refresh_from_db()
    assert paula.check_password("quite another password")
    actions = AuditEntry.objects.filter(actor=str(cast.adam.pk), body__contains=str(paula.pk)).order_by("seq")
    assert list(actions.values_list("action", flat=True)) == [
        "user.created",
        "appointment.added",
        "appointment.removed",
        "user.password_set",
    ]


def test_nobody_appoints_themselves(cast: Cast) -> None:
    response = browser(cast.adam).post(page("user_appoint", cast.adam.pk), {"role": "steward"})
    assert "Nobody appoints themselves" in response.content.decode()
    assert cast.adam.appointments.count() == 1


def test_an_account_is_deactivated_not_deleted(cast: Cast) -> None:
    leaver = make_user("leaver")
    appointment_add(actor=cast.adam, user=leaver, role=Role.OFFICER)
    browser(cast.adam).post(page("user_change", leaver.pk), NO_ROWS | {"display_name": "Leaver"})
    leaver.refresh_from_db()
    assert not leaver.is_active
