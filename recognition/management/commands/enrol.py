"""`manage.py enrol PATH`: lists people from a folder or CSV file; a row is taken whole, or refused with the reason."""

import argparse
import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from recognition.enrolment import check_reference
from recognition.intake import SUBJECT_FIELDS, Row, UnreadableSource, rows_of
from recognition.worker import warm_workers
from watchlist.errors import InvalidInput, WatchlistError
from watchlist.models import (
    Category,
    ImageSource,
    LegalBasis,
    ReferenceImage,
    ReferenceState,
    Resemblance,
    Risk,
    Subject,
    User,
)
from watchlist.services.subjects import subject_create_pictured
from watchlist.services.uploads import Upload, references_add

DEFAULTS = (
    ("category", Category.values),
    ("legal_basis", LegalBasis.values),
    ("risk", Risk.values),
    ("instructions", None),
    ("justification", None),
    ("expires_on", None),
    ("source", ImageSource.values),
    ("taken_on", None),
)
LOOK_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Outcome:
    place: str
    record_number: str
    references: tuple[UUID, ...]  # none: refused
    reason: str


class Command(BaseCommand):
    help = "Lists people from a folder with a folder for each person, or from a CSV file with image paths."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="The folder or the CSV file.")
        parser.add_argument("--actor", required=True, help="Username of the steward on whose authority this is done.")
        for name, choices in DEFAULTS:
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, choices=choices, help="For rows that do not say themselves.")
        parser.add_argument("--wait", action="store_true", help="Wait for the checks, and print what came of each.")
        parser.add_argument("--timeout", type=float, default=600, help="Seconds to wait for the checks.")

    def handle(self, *args: Any, path: Path, actor: str, wait: bool, timeout: float, **options: Any) -> None:
        steward = User.objects.filter(username=actor, is_active=True).first()
        if steward is None:
            raise CommandError(f"There is no active user {actor}: name a steward with --actor.")
        try:
            rows = list(rows_of(path, {name: options[name] for name, _ in DEFAULTS if options[name]}))
        except (UnreadableSource, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        outcomes = [self._said(_taken(row, steward)) for row in rows]
        refused = sum(not outcome.references for outcome in outcomes)
        self.stdout.write(f"{len(outcomes) - refused} of {len(outcomes)} rows accepted, {refused} refused.")
        rejected = self._await([pk for outcome in outcomes for pk in outcome.references], timeout) if wait else 0
        if refused or rejected:
            raise CommandError(f"{refused} rows were refused, {rejected} images were rejected.", returncode=1)

    def _said(self, outcome: Outcome) -> Outcome:
        word = "accepted" if outcome.references else "refused"
        self.stdout.write(f"{outcome.place:<24} {outcome.record_number:<24} {word:<9} {outcome.reason}")
        return outcome

    def _await(self, references: list[UUID], timeout: float) -> int:
        """Prints each image's result as it comes. Returns how many were not enrolled."""
        counts = dict.fromkeys(ReferenceState, 0)
        for reference in _checked(references, timeout):
            state = ReferenceState(reference.state)
            counts[state] += 1
            warned = [warning.get_kind_display() for warning in reference.resemblances.filter(answer="")]
            said = reference.reason or "".join(f"{kind}. " for kind in warned).strip()
            self.stdout.write(f"{reference.subject.record_number:<24} {state.label:<14} {said}".rstrip())
        enrolled = counts[ReferenceState.ENROLLED]
        waiting = Resemblance.objects.filter(reference__in=references, answer="").count()
        to_answer = f"{'warning' if waiting == 1 else 'warnings'} to be answered"
        self.stdout.write(
            f"{enrolled} of {len(references)} images enrolled, {counts[ReferenceState.REJECTED]} rejected, "
            f"{counts[ReferenceState.PENDING]} still being checked; {waiting} {to_answer}."
        )
        if waiting:
            self.stdout.write("No list is searched with an image before its warnings are answered, in the admin.")
        return len(references) - enrolled


def _taken(row: Row, steward: User) -> Outcome:
    number = row.fields["record_number"]
    try:
        added = _listed(row, steward)
        left_out = len(row.images) - len(added)
        said = f"{len(added)} images" + (f", {left_out} already there" if left_out else "")
        return Outcome(row.place, number, added, said)
    except WatchlistError as error:
        return Outcome(row.place, number, (), error.message)
    except OSError as error:
        return Outcome(row.place, number, (), f"{error.filename}: {error.strerror}")


def _listed(row: Row, steward: User) -> tuple[UUID, ...]:
    """The references added for a row, all of them or none, to a new subject or the one of that record number."""
    if row.missing():
        raise InvalidInput("missing", f"Give {', '.join(row.missing())} in the row or as an option.")
    if not row.images:
        raise InvalidInput("no_image", "There is no picture.")
    pictured: dict[str, Any] = {
        "actor": steward,
        "files": [Upload(image.read_bytes(), image.name) for image in row.images],
        "source": row.fields["source"],
        "taken_on": _date(row, "taken_on"),
    }
    known = Subject.objects.filter(record_number=row.fields["record_number"]).first()
    if known is None:
        fields: dict[str, Any] = {name: row.fields[name] for name in SUBJECT_FIELDS}
        added = subject_create_pictured(**pictured, **fields | {"expires_on": _date(row, "expires_on")})
    elif known.name == row.fields["name"]:
        added = references_add(subject=known, **pictured)
    else:
        raise InvalidInput("record_number", "This record number is listed under another name.")
    return tuple(reference.pk for reference in added)


def _date(row: Row, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(row.fields[name])
    except ValueError:
        raise InvalidInput(name, f"{name} must be a day such as 2026-01-31, not {row.fields[name]}.") from None


def _checked(references: list[UUID], timeout: float) -> Iterator[ReferenceImage]:
    """Each reference once its check is over; those still pending at the end of the time come last.

    Where no worker is up to take the checks, they are made here.
    """
    waiting, deadline = list(references), time.monotonic() + timeout
    while waiting:
        if not warm_workers().get("default"):
            check_reference(waiting[0])
        over = time.monotonic() > deadline
        for reference in ReferenceImage.objects.filter(pk__in=waiting).select_related("subject"):
            if over or reference.state != ReferenceState.PENDING:
                waiting.remove(reference.pk)
                yield reference
        if waiting and warm_workers().get("default"):
            time.sleep(LOOK_EVERY)
