"""Addresses of the API, below /api/v1/."""

from django.urls import path

from watchlist.api import alerts, audit, deployments, stops, subjects, token, warnings

app_name = "api"

urlpatterns = [
    path("token/", token.TokenView.as_view(), name="token"),
    path("deployments/", deployments.DeploymentsView.as_view(), name="deployments"),
    path("deployments/<uuid:pk>/", deployments.DeploymentView.as_view(), name="deployment"),
    path("deployments/<uuid:pk>/cameras/", deployments.CamerasView.as_view(), name="cameras"),
    path("deployments/<uuid:pk>/alerts/", alerts.AlertsView.as_view(), name="alerts"),
    path("deployments/<uuid:pk>/stops/", stops.StopsView.as_view(), name="stops"),
    path("alerts/<uuid:pk>/", alerts.AlertView.as_view(), name="alert"),
    path("alerts/<uuid:pk>/decide/", alerts.DecideView.as_view(), name="alert-decide"),
    path("stops/<uuid:pk>/end/", stops.EndStopView.as_view(), name="stop-end"),
    path("subjects/", subjects.SubjectsView.as_view(), name="subjects"),
    path("subjects/<uuid:pk>/", subjects.SubjectView.as_view(), name="subject"),
    path("subjects/<uuid:pk>/references/", subjects.ReferencesView.as_view(), name="references"),
    path("references/<uuid:pk>/", subjects.ReferenceView.as_view(), name="reference"),
    path("warnings/", warnings.WarningsView.as_view(), name="warnings"),
    path("warnings/<int:pk>/answer/", warnings.AnswerView.as_view(), name="warning-answer"),
    path("audit/export/", audit.AuditExportView.as_view(), name="audit-export"),
]
