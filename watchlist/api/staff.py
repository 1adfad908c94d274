"""Consenting staff on the watch-list: entered, their consent renewed or withdrawn."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, actor_of, parsed
from watchlist.permissions import Permission, require
from watchlist.selectors.subjects import subject_for
from watchlist.services.staff import consent_withdraw, staff_create, staff_update


class ConsentInput(serializers.Serializer):
    consented_on = serializers.DateField(help_text="The day of the consent, in writing.")
    expires_on = serializers.DateField(help_text="At most 31 days after the consent.")


class StaffInput(ConsentInput):
    name = serializers.CharField(max_length=200)
    record_number = serializers.CharField(max_length=60)


class StaffOutput(StaffInput):
    id = serializers.UUIDField()
    consent_withdrawn_at = serializers.DateTimeField(allow_null=True)


class WithdrawInput(serializers.Serializer):
    withdrawn = serializers.ChoiceField(choices=[True], help_text="Nothing can be undone: say so.")


class StaffView(APIView):
    @extend_schema(operation_id="staff_create", request=StaffInput, responses={201: StaffOutput, **REFUSALS})
    def post(self, request: Request) -> Response:
        """Enters a member of staff who has consented to be recognised. Their images go to `subjects/…/references/`."""
        require(actor_of(request), Permission.SUBJECT_EDIT)
        staff = staff_create(actor=actor_of(request), **parsed(StaffInput, request))
        return Response(StaffOutput(staff).data, status=status.HTTP_201_CREATED)


class ConsentView(APIView):
    @extend_schema(operation_id="staff_consent", request=ConsentInput, responses={200: StaffOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        """Notes that the person has consented anew."""
        require(actor_of(request), Permission.SUBJECT_EDIT)
        staff = subject_for(actor_of(request), pk)
        renewed = staff_update(actor=actor_of(request), subject=staff, **parsed(ConsentInput, request))
        return Response(StaffOutput(renewed).data)


class WithdrawView(APIView):
    @extend_schema(operation_id="staff_withdraw", request=WithdrawInput, responses={200: StaffOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        """Takes the person off every list at once and destroys every picture of them. 409 where that has been done."""
        require(actor_of(request), Permission.SUBJECT_EDIT)
        staff = subject_for(actor_of(request), pk)
        parsed(WithdrawInput, request)
        consent_withdraw(actor=actor_of(request), subject=staff, now=timezone.now())
        return Response(StaffOutput(subject_for(actor_of(request), pk)).data)
