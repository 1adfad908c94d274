"""Deployments and their cameras, as far as the caller has a role there."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, Pages, actor_of
from watchlist.models import Category, Deployment, DeploymentState, LocationGround
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.calibrations import Promise, promise_of
from watchlist.selectors.deployments import deployments_of, list_size
from watchlist.selectors.enrolled import enrolment_of


class CameraOutput(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class DeploymentOutput(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    place = serializers.CharField()
    state = serializers.ChoiceField(choices=DeploymentState.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()


class FailureOutput(serializers.Serializer):
    reason = serializers.CharField()
    images = serializers.IntegerField(source="count")


class EnrolmentOutput(serializers.Serializer):
    text = serializers.CharField(source="__str__", help_text="In words.")
    images = serializers.IntegerField(help_text="Enrolled images of those on the list.")
    made = serializers.IntegerField(help_text="Of them, those with a template of the pack.")
    waiting = serializers.IntegerField(help_text="Those whose template is being made.")
    failures = FailureOutput(many=True, help_text="Those of which none can be made, by reason.")


class PromiseOutput(serializers.Serializer):
    """What is promised about false alerts, and what that comes to for the list as it is."""

    one_in = serializers.IntegerField(help_text="Promised: at most one false alert in so many faces not listed.")
    threshold = serializers.FloatField(help_text="Fused cosine similarity; of a draft, as it would be fixed now.")
    templates = serializers.IntegerField(
        help_text="That faces are compared with: one for each listed image, one more for each person with several."
    )
    false_alert_rate = serializers.FloatField(help_text="Expected share of faces not listed that raise a false alert.")
    false_alerts = serializers.SerializerMethodField(help_text="Expected at the footfall.")
    recognised = serializers.FloatField(help_text="Expected share of listed people recognised per good passage.")
    largest_list = serializers.IntegerField(source="largest", help_text="Templates the calibration can speak for.")
    calibrated_on = serializers.CharField(source="stored.source", help_text="Whose photographs were calibrated on.")
    measured_on = serializers.DateField(source="stored.measured_on")

    def get_false_alerts(self, promise: Promise) -> float:
        return promise.false_alert_rate * self.context["deployment"].footfall


class DeploymentDetailOutput(DeploymentOutput):
    ground = serializers.ChoiceField(choices=LocationGround.choices)
    purpose = serializers.CharField()
    categories = serializers.ListField(child=serializers.ChoiceField(choices=Category.choices))
    pack = serializers.CharField(help_text="Its list is enrolled and searched with these models: name-version.")
    enrolment = serializers.SerializerMethodField(help_text="How far the list is enrolled with the pack.")
    promise = serializers.SerializerMethodField()
    two_person = serializers.BooleanField()
    alert_seconds = serializers.IntegerField()
    seeded_staff = serializers.BooleanField(help_text="Whether consenting staff are listed too.")
    listed = serializers.SerializerMethodField(help_text="People sought who are on the list; staff are not counted.")
    faces_seen = serializers.IntegerField(help_text="Passages with a usable frame, not people.")
    templates_destroyed = serializers.IntegerField()
    cameras = CameraOutput(many=True)

    @extend_schema_field(EnrolmentOutput)
    def get_enrolment(self, deployment: Deployment) -> Any:
        return EnrolmentOutput(enrolment_of(deployment)).data

    @extend_schema_field(PromiseOutput(allow_null=True))
    def get_promise(self, deployment: Deployment) -> dict[str, Any] | None:
        promise = promise_of(deployment)
        return None if promise is None else PromiseOutput(promise, context={"deployment": deployment}).data

    def get_listed(self, deployment: Deployment) -> int:
        return list_size(deployment)


@extend_schema(responses={200: DeploymentOutput(many=True), **REFUSALS})
class DeploymentsView(ListAPIView):
    """The deployments in which the caller has a role."""

    serializer_class = DeploymentOutput
    pagination_class = Pages
    queryset = Deployment.objects.none()

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        self.queryset = deployments_of(actor_of(request))
        return super().list(request, *args, **kwargs)


class DeploymentView(APIView):
    @extend_schema(responses={200: DeploymentDetailOutput, **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        deployment = deployment_for(actor_of(request), pk, Permission.DEPLOYMENT_VIEW)
        return Response(DeploymentDetailOutput(deployment).data)


class CamerasView(APIView):
    @extend_schema(responses={200: CameraOutput(many=True), **REFUSALS})
    def get(self, request: Request, pk: UUID) -> Response:
        deployment = deployment_for(actor_of(request), pk, Permission.DEPLOYMENT_VIEW)
        return Response(CameraOutput(deployment.cameras.all(), many=True).data)
