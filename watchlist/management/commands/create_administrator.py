"""`manage.py create_administrator USERNAME`: the one account that no administrator can make."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from watchlist.errors import WatchlistError
from watchlist.models import User
from watchlist.selectors.users import administrators
from watchlist.services.users import first_administrator_create


class Command(BaseCommand):
    help = (
        "Makes the first administrator of an installation, who makes all other accounts. Asks for the password at a "
        "terminal; else reads it as one line from standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--display-name", default="", metavar="NAME", help="Shown instead of the username.")

    def handle(self, *args: Any, username: str, display_name: str, **options: Any) -> None:
        if administrators().exists():  # before anybody is asked for a password
            raise CommandError("This installation has an administrator: ask them for an account.")
        password = _password()
        try:
            validate_password(password, User(username=username, display_name=display_name))
            first_administrator_create(username=username, display_name=display_name, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except WatchlistError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{username} can sign in and administers this installation.")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("The same again: ") != password:
        raise CommandError("The two passwords differ: nothing was made.")
    return password
