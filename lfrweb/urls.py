"""Which package answers which address."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from lfrweb.health import healthz
from lfrweb.metrics import metrics
from watchlist.views.signing import SignIn, SignOut, admin_door

handler400 = "watchlist.views.refusals.not_understood"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", SignOut.as_view(), name="logout"),
    path("admin/login/", admin_door),
    path("admin/logout/", SignOut.as_view()),
    # The admin's own page would change a password without a word on the record.
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("watchlist.urls")),
    path("", include("recognition.urls")),
]
