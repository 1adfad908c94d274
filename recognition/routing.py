"""Addresses of the sockets."""

from django.urls import URLPattern, path

from recognition.consumers.camera import CameraConsumer
from recognition.consumers.operator import OperatorConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/camera/<uuid:camera>/", CameraConsumer.as_asgi()),  # type: ignore[arg-type]  # an ASGI application
    path("ws/operator/<uuid:deployment>/", OperatorConsumer.as_asgi()),  # type: ignore[arg-type]
]
