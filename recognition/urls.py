"""Addresses of this package's pages."""

from django.urls import URLPattern, URLResolver, path

from recognition import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("deployments/<uuid:pk>/camera/", views.camera, name="camera"),
    path("deployments/<uuid:pk>/camera/standing/", views.standing, name="camera-standing"),
    path("deployments/<uuid:pk>/camera/places/", views.places, name="camera-places"),
    path("footage/sample.webm", views.sample_footage, name="sample-footage"),
]
