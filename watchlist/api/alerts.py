"""Alerts: what an operator answers, and what an officer is told once it is confirmed."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, Pages, actor_of, page_of, parsed
from watchlist.errors import InvalidInput
from watchlist.models import UNANSWERED, Alert, AlertState, Answer
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.alerts import alert_for, alerts_for
from watchlist.selectors.look_alikes import look_alikes
from watchlist.services.decisions import alert_decide
from watchlist.services.viewing import viewed


class SoughtOutput(serializers.Serializer):
    name = serializers.CharField()
    category = serializers.CharField()
    risk = serializers.CharField()
    instructions = serializers.CharField()


class LookAlikeOutput(serializers.Serializer):
    """Another person of the watch-list who looks like the one sought; who it is, is not told here."""

    listed_here = serializers.BooleanField(help_text="Whether they are on this deployment's list too.")
    marks = serializers.ListField(
        child=serializers.CharField(), help_text="What the person sought is known by, in a steward's words."
    )
    other_marks = serializers.ListField(child=serializers.CharField(), help_text="And the other.")


class AlertOutput(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=AlertState.choices)
    deployment = serializers.UUIDField(source="deployment_id")
    camera = serializers.UUIDField(source="camera_id")
    captured_at = serializers.DateTimeField()
    raised_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    sightings = serializers.IntegerField()
    seeded = serializers.SerializerMethodField(
        allow_null=True, help_text="Whether it is on consenting staff; told with the answer, as all of who it is."
    )

    def get_seeded(self, alert: Alert) -> bool | None:
        return None if alert.state in UNANSWERED else alert.seeded


class DecisionOutput(serializers.Serializer):
    id = serializers.UUIDField()
    operator = serializers.UUIDField(source="operator_id")
    answer = serializers.ChoiceField(choices=Answer.choices)
    decided_at = serializers.DateTimeField()
    seconds = serializers.FloatField()


class AlertDetailOutput(AlertOutput):
    """Score, person and look-alikes come with the answer: before it, they would sway whoever compares the pictures."""

    score = serializers.SerializerMethodField(allow_null=True)
    threshold = serializers.FloatField()
    frames = serializers.IntegerField()
    list_size = serializers.IntegerField()
    list_version = serializers.IntegerField()
    pack = serializers.CharField()
    software = serializers.CharField()
    sought = serializers.SerializerMethodField(allow_null=True)
    look_alikes = serializers.SerializerMethodField(allow_null=True)
    decisions = DecisionOutput(many=True)

    def get_score(self, alert: Alert) -> float | None:
        return None if alert.state in UNANSWERED else alert.score

    @extend_schema_field(SoughtOutput(allow_null=True))
    def get_sought(self, alert: Alert) -> dict[str, Any] | None:
        return None if alert.state in UNANSWERED else SoughtOutput(alert.subject).data

    @extend_schema_field(LookAlikeOutput(many=True, allow_null=True))
    def get_look_alikes(self, alert: Alert) -> list[dict[str, Any]] | None:
        if alert.state in UNANSWERED:
            return None
        known = look_alikes(alert.subject_id, alert.deployment_id)
        return [LookAlikeOutput(each).data for each in known]


class DecideInput(serializers.Serializer):
    answer = serializers.ChoiceField(choices=Answer.choices)
    reason = serializers.CharField(max_length=2000)


class AlertsView(APIView):
    pagination_class = Pages

    @extend_schema(
        operation_id="alerts_list",
        parameters=[OpenApiParameter("state", OpenApiTypes.STR, enum=AlertState.values, many=True)],
        responses={200: AlertOutput(many=True), **REFUSALS},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """A deployment's alerts, newest first; officers see the confirmed ones."""
        deployment = deployment_for(actor_of(request), pk, Permission.ALERT_VIEW_CONFIRMED)
        return page_of(alerts_for(actor_of(request), deployment, self._states(request)), AlertOutput, request)

    def _states(self, request: Request) -> list[AlertState] | None:
        asked = request.query_params.getlist("state")
        unknown = sorted(set(asked) - set(AlertState.values))
        if unknown:
            text = f"Choose from {', '.join(AlertState.values)}."
            raise InvalidInput("state", f"There is no state {unknown[0]}. {text}", {"state": [text]})
        return [AlertState(state) for state in asked] or None


class AlertView(APIView):
    @extend_schema(responses={200: AlertDetailOutput, **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        alert = alert_for(actor_of(request), pk)
        viewed(actor=actor_of(request), what="alert", pk=pk, purpose="API", deployment=alert.deployment_id)
        return Response(AlertDetailOutput(alert).data)


class DecideView(APIView):
    @extend_schema(request=DecideInput, responses={201: DecisionOutput, **REFUSALS})
    def post(self, request: Request, pk: UUID) -> Response:
        """Answers an alert. 409 where it expired, or another operator was first."""
        alert = alert_for(actor_of(request), pk, Permission.ALERT_DECIDE)
        fields: dict[str, Any] = parsed(DecideInput, request)
        decision = alert_decide(actor=actor_of(request), alert=alert, now=timezone.now(), **fields)
        return Response(DecisionOutput(decision).data, status=status.HTTP_201_CREATED)
