from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "recognition"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Imported here, once models stand: the handlers register themselves with Django's and Celery's signals.
        from recognition import offers, subscriptions, worker  # noqa: F401
        from watchlist import packs

        packs.offered_by(offers.offers)
