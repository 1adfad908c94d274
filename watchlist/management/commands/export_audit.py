"""`manage.py export_audit FILE --actor USERNAME`: the record as NDJSON; taking it is on the record."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from watchlist.errors import WatchlistError
from watchlist.models import User
from watchlist.services.viewing import record_export


class Command(BaseCommand):
    help = "Writes the whole record, personal detail included, one JSON object a line; verify_audit checks the file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="A file that does not exist yet, or - for standard output.")
        parser.add_argument("--actor", required=True, metavar="USERNAME", help="Who takes it; an auditor.")

    def handle(self, *args: Any, file: str, actor: str, **options: Any) -> None:
        person = User.objects.filter(username=actor).first()
        if person is None:
            raise CommandError(f"There is no account {actor}.")
        if file == "-":
            for line in _lines(person):
                self.stdout.write(line, ending="")
            return
        try:
            # Personal detail: for the person who asked, and never over something else.
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            try:
                written.writelines(_lines(person))
            except CommandError:
                os.unlink(file)  # nothing was taken
                raise


def _lines(person: User) -> Iterator[str]:
    try:
        return record_export(actor=person, purpose="command line")
    except WatchlistError as error:
        raise CommandError(error.message) from error
