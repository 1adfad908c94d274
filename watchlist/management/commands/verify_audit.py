"""`manage.py verify_audit [FILE] [--anchor ...]`: has the record been bent?"""

import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from watchlist.selectors.audit import links
from watchlist.verifier import Verdict, exported_links, verify

ANCHOR = re.compile(r"\b([1-9][0-9]*):([0-9a-f]{64})\b")


class Command(BaseCommand):
    help = (
        "Checks the hash chain of the audit log, in the database or in an exported file, and names every fault. "
        "Exit code 1 where there is one. Keep the head it prints outside the database, and give it as --anchor next "
        "time: nothing else finds a tail that was cut off."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="What export_audit wrote; without it, the database.")
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="SEQ:HASH|FILE",
            help="A head that was printed earlier, or a file with such heads, as this command's output. Repeatable.",
        )

    def handle(self, *args: Any, file: Path | None, anchor: list[str], **options: Any) -> None:
        anchors = dict(found for given in anchor for found in _anchors(given))
        if file is None:
            verdict = verify(links(), anchors=anchors)
        else:
            try:
                with file.open(encoding="utf-8") as lines:
                    verdict = verify(exported_links(lines), anchors=anchors)
            except (OSError, ValueError) as error:
                raise CommandError(f"{file} cannot be checked: {error}") from error
        self._print(verdict)
        if not verdict.sound:
            sys.exit(1)

    def _print(self, verdict: Verdict) -> None:
        self.stdout.write(f"{verdict.entries} entries")
        self.stdout.write(f"head {verdict.head_seq}:{verdict.head_hash}")
        for rule, count in sorted(verdict.destroyed.items()):
            self.stdout.write(f"{count} details destroyed under the rule {rule}")
        for fault in verdict.faults:
            self.stdout.write(f"fault at {fault.seq}, {fault.code}: {fault.message}")
        if more := verdict.fault_count - len(verdict.faults):
            self.stdout.write(f"and {more} more faults")
        if verdict.sound:
            self.stdout.write("No fault was found.")


def _anchors(given: str) -> list[tuple[int, str]]:
    """One head, or all that a file holds. Raises CommandError for what is neither."""
    if ANCHOR.fullmatch(given):
        text = given
    else:
        try:
            text = Path(given).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(f"--anchor takes SEQ:HASH or a file with such heads: {error}") from error
    found = [(int(seq), digest) for seq, digest in ANCHOR.findall(text)]
    if not found:
        raise CommandError(f"{given} holds no head of the form SEQ:HASH.")
    return found
