"""The duties that one person must not hold together, and who must stay."""

import pytest
from django.utils import timezone

from tests.cast import Cast, approve, make_alert, make_draft, make_listed_subject, make_live, make_user
from watchlist.errors import InvalidInput, NotAllowed, Refused
from watchlist.models import Appointment, Role, User
from watchlist.services.decisions import alert_decide
from watchlist.services.lists import list_add
from watchlist.services.staffing import member_add, member_remove
from watchlist.services.users import appointment_add, appointment_remove, user_update


def appoint(cast: Cast, user: User, role: Role) -> None:
    Appointment.objects.get_or_create(user=user, role=role)


class TestSeparationOfDuties:
    @pytest.mark.parametrize(
        ("holds", "wanted"),
        [
            ("authoriser", "operator"),
            ("authoriser", "steward"),
            ("authoriser", "officer"),
            ("steward", "operator"),
            ("operator", "steward"),
            ("operator", "authoriser"),
        ],
    )
    def test_two_of_these_are_not_one_persons(self, holds: str, wanted: str, cast: Cast) -> None:
        deployment, person = make_draft(cast), make_user("pat")
        for role in (holds, wanted):
            appoint(cast, person, Role(role))
        member_add(actor=cast.sam, deployment=deployment, user=person, role=holds)
        with pytest.raises(Refused) as caught:
            member_add(actor=cast.sam, deployment=deployment, user=person, role=wanted)
        assert caught.value.code == "separation_of_duties"

    def test_leaving_a_role_does_not_undo_what_was_done_in_it(self, cast: Cast) -> None:
        live = make_live(cast)
        alert = make_alert(live)
        alert_decide(actor=cast.olga, alert=alert, answer="same", reason="The scar.", now=timezone.now())
        member_remove(actor=cast.sam, membership=live.memberships.get(user=cast.olga))
        appoint(cast, cast.olga, Role.STEWARD)
        with pytest.raises(Refused, match="is or was operator"):
            member_add(actor=cast.sam, deployment=live, user=cast.olga, role=Role.STEWARD)

    def test_whoever_built_the_list_does_not_operate_it_later(self, cast: Cast) -> None:
        deployment, sue = make_draft(cast), make_user("sue")
        for role in (Role.STEWARD, Role.OPERATOR):
            appoint(cast, sue, role)
        membership = member_add(actor=cast.sam, deployment=deployment, user=sue, role=Role.STEWARD)
        list_add(actor=sue, deployment=deployment, subject=make_listed_subject(cast))
        member_remove(actor=cast.sam, membership=membership)
        with pytest.raises(Refused, match="is or was steward"):
            member_add(actor=cast.sam, deployment=deployment, user=sue, role=Role.OPERATOR)

    def test_the_applicant_stays_steward(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        with pytest.raises(Refused, match="to the end"):
            member_remove(actor=cast.sam, membership=deployment.memberships.get(user=cast.sam))

    def test_who_applied_and_who_approved_stay(self, cast: Cast) -> None:
        deployment = make_draft(cast)
        approve(cast.ada, deployment)
        for person in (cast.sam, cast.ada):
            with pytest.raises(Refused):
                member_remove(actor=cast.sam, membership=deployment.memberships.get(user=person))

    @pytest.mark.parametrize("role", ["auditor", "administrator", "nobody", ""])
    def test_roles_that_count_everywhere_are_not_given_here(self, role: str, cast: Cast) -> None:
        with pytest.raises(InvalidInput):
            member_add(actor=cast.sam, deployment=make_draft(cast), user=cast.nell, role=role)

    def test_nobody_is_added_without_an_appointment(self, cast: Cast) -> None:
        with pytest.raises(Refused, match="not appointed"):
            member_add(actor=cast.sam, deployment=make_draft(cast), user=cast.nell, role=Role.OPERATOR)

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
    def test_an_auditor_holds_no_other_role(self, role: Role, cast: Cast) -> None:
        with pytest.raises(Refused, match="nobody audits their own work"):
            appointment_add(actor=cast.adam, user=cast.audrey, role=role)
        appoint(cast, cast.nell, role)
        with pytest.raises(Refused, match="nobody audits their own work"):
            appointment_add(actor=cast.adam, user=cast.nell, role=Role.AUDITOR)

    def test_nobody_appoints_themselves(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="themselves"):
            appointment_add(actor=cast.adam, user=cast.adam, role=Role.OPERATOR)

    def test_a_first_administrator_is_made_once(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="has an administrator"):
            appointment_add(actor=None, user=cast.nell, role=Role.ADMINISTRATOR)

    def test_the_last_administrator_stays(self, cast: Cast) -> None:
        last = Appointment.objects.get(user=cast.adam)
        with pytest.raises(Refused, match="appoint another one first"):
            appointment_remove(actor=cast.adam, appointment=last)
        with pytest.raises(InvalidInput, match="your own account"):
            user_update(actor=cast.adam, user=cast.adam, display_name="Adam", is_active=False)
        appointment_add(actor=cast.adam, user=cast.nell, role=Role.ADMINISTRATOR)
        appointment_remove(actor=cast.nell, appointment=last)

    def test_an_administrator_who_is_deactivated_does_not_count(self, cast: Cast) -> None:
        appointment_add(actor=cast.adam, user=cast.nell, role=Role.ADMINISTRATOR)
        user_update(actor=cast.adam, user=cast.nell, display_name="Nell", is_active=False)
        with pytest.raises(Refused, match="appoint another one first"):
            appointment_remove(actor=cast.adam, appointment=Appointment.objects.get(user=cast.adam))
        appointment_remove(actor=cast.adam, appointment=Appointment.objects.get(user=cast.nell))
