from typing import Any

from django.core.management.commands.migrate import Command as MigrateCommand

from lfrweb.database_roles import as_owner, grant_to_app_role


class Command(MigrateCommand):
    """Django's `migrate`, connected as the role that owns the tables; web and workers have no right to change them."""

    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"]
        with as_owner(alias):
            super().handle(*args, **options)
            grant_to_app_role(alias)
