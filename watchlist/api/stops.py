"""Stops: started and ended by the officer who made them."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, Pages, actor_of, page_of, parsed
from watchlist.models import Ground, IdentityCheck, Outcome, StopState
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.alerts import alert_for
from watchlist.selectors.stops import stop_to_end, stops_for
from watchlist.services.stops import stop_end, stop_start


class StopOutput(serializers.Serializer):
    id = serializers.UUIDField()
    deployment = serializers.UUIDField(source="deployment_id")
    alert = serializers.UUIDField(source="alert_id", allow_null=True, help_text="None: the stop rests on no alert.")
    officer = serializers.UUIDField(source="officer_id")
    state = serializers.ChoiceField(choices=StopState.choices)
    grounds = serializers.ListField(child=serializers.ChoiceField(choices=Ground.choices))
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    identity_check = serializers.CharField()
    outcome = serializers.CharField()


class StartInput(serializers.Serializer):
    grounds = serializers.ListField(child=serializers.ChoiceField(choices=Ground.choices), allow_empty=False)
    alert = serializers.UUIDField(required=False, allow_null=True, default=None)


class EndInput(serializers.Serializer):
    identity_check = serializers.ChoiceField(choices=IdentityCheck.choices)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    minutes = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        help_text="Only where the clock was wrong.",
    )


class StopsView(APIView):
    pagination_class = Pages

    @extend_schema(operation_id="stops_list", responses={200: StopOutput(many=True), **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        """A deployment's stops, newest first."""
        deployment = deployment_for(actor_of(request), pk, Permission.STOP_VIEW)
        return page_of(stops_for(actor_of(request), deployment), StopOutput, request)

    @extend_schema(operation_id="stops_start", request=StartInput, responses={201: StopOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        """Starts a stop, on a confirmed alert or without one."""
        deployment = deployment_for(actor_of(request), pk, Permission.STOP_RECORD)
        fields = parsed(StartInput, request)
        alert = alert_for(actor_of(request), fields["alert"]) if fields["alert"] else None
        stop = stop_start(
            actor=actor_of(request), deployment=deployment, alert=alert, grounds=fields["grounds"], now=timezone.now()
        )
        return Response(StopOutput(stop).data, status=status.HTTP_201_CREATED)


class EndStopView(APIView):
    @extend_schema(request=EndInput, responses={200: StopOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        """Ends a stop; its minutes are the clock's unless given."""
        stop = stop_to_end(actor_of(request), pk)
        ended = stop_end(actor=actor_of(request), stop=stop, now=timezone.now(), **parsed(EndInput, request))
        return Response(StopOutput(ended).data)
