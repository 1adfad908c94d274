from django.apps import AppConfig


class LfrwebConfig(AppConfig):
    name = "lfrweb"

    def ready(self) -> None:
        # Imported here, once the settings stand: tasks bind to this application, checks register themselves.
        from lfrweb import celery, checks  # noqa: F401
