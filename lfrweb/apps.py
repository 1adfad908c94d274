from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LfrwebConfig(AppConfig):
    name = "lfrweb"

    def ready(self) -> None:
        # Imported here, once the settings stand: tasks bind to this application, checks register themselves.
        from lfrweb import celery, checks  # noqa: F401
        from lfrweb.database_roles import grant_to_app_role

        post_migrate.connect(grant_to_app_role, sender=self)
