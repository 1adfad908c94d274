"""Which package answers which address."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from lfrweb.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("django_prometheus.urls")),
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("watchlist.urls")),
    path("", include("recognition.urls")),
]
