"""Addresses of the API, below /api/v1/."""

from django.urls import path

from watchlist.api import alerts, audit, deployments, passages, staff, stops, subjects, token, warnings

app_name = "api"

urlpatterns = [
    path("token/", token.TokenView.as_view(), name="token"),
    path("deployments/", deployments.DeploymentsView.as_view(), name="deployments"),
    path("deployments/<uuid:pk>/", deployments.DeploymentView.as_view(), name="deployment"),
    path("deployments/<uuid:pk>/cameras/", deployments.CamerasView.as_view(), name="cameras"),
    path("deployments/<uuid:pk>/alerts/", alerts.AlertsView.as_view(), name="alerts"),
    path("deployments/<uuid:pk>/stops/", stops.StopsView.as_view(), name="stops"),
    path("deployments/<uuid:pk>/figures/", passages.FiguresView.as_view(), name="figures"),
    path("deployments/<uuid:pk>/recognition/", passages.RecognitionView.as_view(), name="recognition"),
    path("deployments/<uuid:pk>/passages/", passages.PassagesView.as_view(), name="passages"),
    path("passages/<uuid:pk>/correct/", passages.CorrectView.as_view(), name="passage-correct"),
    path("passages/<uuid:pk>/strike/", passages.StrikeView.as_view(), name="passage-strike"),
    path("alerts/<uuid:pk>/", alerts.AlertView.as_view(), name="alert"),
    path("alerts/<uuid:pk>/decide/", alerts.DecideView.as_view(), name="alert-decide"),
    path("stops/<uuid:pk>/end/", stops.EndStopView.as_view(), name="stop-end"),
    path("staff/", staff.StaffView.as_view(), name="staff"),
    path("staff/<uuid:pk>/consent/", staff.ConsentView.as_view(), name="staff-consent"),
    path("staff/<uuid:pk>/withdraw/", staff.WithdrawView.as_view(), name="staff-withdraw"),
    path("subjects/", subjects.SubjectsView.as_view(), name="subjects"),
    path("subjects/<uuid:pk>/", subjects.SubjectView.as_view(), name="subject"),
    path("subjects/<uuid:pk>/references/", subjects.ReferencesView.as_view(), name="references"),
    path("references/<uuid:pk>/", subjects.ReferenceView.as_view(), name="reference"),
    path("warnings/", warnings.WarningsView.as_view(), name="warnings"),
    path("warnings/<int:pk>/answer/", warnings.AnswerView.as_view(), name="warning-answer"),
    path("audit/export/", audit.AuditExportView.as_view(), name="audit-export"),
]
