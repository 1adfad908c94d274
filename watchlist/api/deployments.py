"""Deployments and their cameras, as far as the caller has a role there."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from watchlist.api.views import REFUSALS, Pages, actor_of
from watchlist.models import Category, Deployment, DeploymentState, LocationGround
from watchlist.permissions import Permission, deployment_for
from watchlist.selectors.deployments import deployments_of, list_size


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


class DeploymentDetailOutput(DeploymentOutput):
    ground = serializers.ChoiceField(choices=LocationGround.choices)
    purpose = serializers.CharField()
    categories = serializers.ListField(child=serializers.ChoiceField(choices=Category.choices))
    threshold = serializers.FloatField(help_text="Fused cosine similarity.")
    two_person = serializers.BooleanField()
    alert_seconds = serializers.IntegerField()
    listed = serializers.SerializerMethodField(help_text="People on the list.")
    faces_seen = serializers.IntegerField(help_text="Passages with a usable frame, not people.")
    templates_destroyed = serializers.IntegerField()
    cameras = CameraOutput(many=True)

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
