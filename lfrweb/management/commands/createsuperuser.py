from typing import Any

from django.contrib.auth.management.commands.createsuperuser import Command as DjangoCommand
from django.core.management.base import CommandError


class Command(DjangoCommand):
    """Names what is wanted instead: nobody here has every right."""

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("There is no superuser. `manage.py create_administrator USERNAME` makes an administrator.")
