"""Addresses of this package's pages."""

from django.urls import URLPattern, URLResolver, include, path

from watchlist.views import alert, audit, deployment, home, officer, operator, password, recognition, stop

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("watchlist.api.urls")),
    path("", home.home, name="home"),
    path("password/", password.password, name="password"),
    path("deployments/<uuid:pk>/", deployment.deployment, name="deployment"),
    path("deployments/<uuid:pk>/bar/", deployment.bar, name="deployment-bar"),
    path("deployments/<uuid:pk>/halt/", deployment.halt, name="deployment-halt"),
    path("deployments/<uuid:pk>/run/", deployment.run, name="deployment-run"),
    path("deployments/<uuid:pk>/steps/<slug:verb>/", deployment.take_step, name="deployment-step"),
    path("deployments/<uuid:pk>/operator/", operator.operator, name="operator"),
    path("deployments/<uuid:pk>/operator/queue/", operator.queue, name="operator-queue"),
    path("deployments/<uuid:pk>/operator/totals/", operator.totals, name="operator-totals"),
    path("deployments/<uuid:pk>/recognition/", recognition.recognition, name="recognition"),
    path("deployments/<uuid:pk>/passages/", recognition.passages, name="passages"),
    path("deployments/<uuid:pk>/passages/list/", recognition.passages_list, name="passages-list"),
    path("deployments/<uuid:pk>/passages/note/", recognition.note, name="passage-note"),
    path("passages/<uuid:pk>/", recognition.passage, name="passage"),
    path("passages/<uuid:pk>/correct/", recognition.correct, name="passage-correct"),
    path("passages/<uuid:pk>/strike/", recognition.strike, name="passage-strike"),
    path("alerts/<uuid:pk>/card/", alert.card, name="alert-card"),
    path("alerts/<uuid:pk>/decide/", alert.decide, name="alert-decide"),
    path("alerts/<uuid:pk>/<slug:which>.jpg", alert.alert_picture, name="alert-picture"),
    path("deployments/<uuid:pk>/officer/", officer.officer, name="officer"),
    path("deployments/<uuid:pk>/officer/confirmed/", officer.confirmed, name="officer-confirmed"),
    path("deployments/<uuid:pk>/stops/", stop.start, name="stop-start"),
    path("stops/<uuid:pk>/end/", stop.end, name="stop-end"),
    path("audit/", audit.audit, name="audit"),
    path("audit/<int:seq>/", audit.audit_entry, name="audit-entry"),
]
