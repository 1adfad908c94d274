from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections

from lfrweb.database_roles import as_owner, grant_to_app_role
from recognition.packs.calibration import all_shipped
from watchlist.models import Calibration
from watchlist.services.calibrations import calibration_enter_shipped


class Command(MigrateCommand):
    """Django's `migrate`, connected as the role that owns the tables; web and workers have no right to change them.

    Afterwards the calibrations that come with the packs are in the database: without one nothing can be approved.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"]
        with as_owner(alias):
            super().handle(*args, **options)
            grant_to_app_role(alias)
            _enter_shipped(alias)


def _enter_shipped(alias: str) -> None:
    """The calibrations that came with this version, once the database has a place for them."""
    if Calibration._meta.db_table in connections[alias].introspection.table_names():
        for calibration in all_shipped():
            calibration_enter_shipped(calibration)
