from django.apps import AppConfig


class WatchlistConfig(AppConfig):
    name = "watchlist"
    verbose_name = "Watch-list"
    default_auto_field = "django.db.models.BigAutoField"
