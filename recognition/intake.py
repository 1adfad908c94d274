"""Whom does a folder or a CSV file want listed, with which pictures? Read, not yet judged.

A folder holds one folder for each person, named by the record number, with the pictures in it. A CSV file has a row for
each person or picture; columns are named as the fields below, `image` holds one path or several separated by `|`, from
the file's own folder. A field that a row does not give is taken from the defaults.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
SEPARATOR = "|"

SUBJECT_FIELDS = (
    "name",
    "record_number",
    "category",
    "justification",
    "legal_basis",
    "risk",
    "instructions",
    "expires_on",
)
REFERENCE_FIELDS = ("source", "taken_on")
OPTIONAL = frozenset({"justification"})


class UnreadableSource(Exception):
    """Neither such a folder nor such a file; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    place: str  # where it stands: a line or a folder
    fields: Mapping[str, str]
    images: tuple[Path, ...]

    def missing(self) -> list[str]:
        """The fields without which nobody is listed, and that neither the row nor the defaults give."""
        return [name for name in (*SUBJECT_FIELDS, *REFERENCE_FIELDS) if not self.fields[name] and name not in OPTIONAL]


def rows_of(source: Path, defaults: Mapping[str, str]) -> Iterator[Row]:
    """Each row in its order. Raises UnreadableSource."""
    if source.is_dir():
        return _rows_of_folder(source, defaults)
    if source.is_file():
        return _rows_of_csv(source, defaults)
    raise UnreadableSource(f"There is no folder or CSV file {source}.")


def _rows_of_folder(source: Path, defaults: Mapping[str, str]) -> Iterator[Row]:
    people = sorted(path for path in source.iterdir() if path.is_dir())
    if not people:
        raise UnreadableSource(f"{source} holds no folders: make one for each person, with the pictures in it.")
    for person in people:
        own = {"name": person.name.replace("_", " "), "record_number": person.name}
        images = tuple(sorted(path for path in person.iterdir() if path.suffix.lower() in PICTURES))
        yield Row(person.name, _filled(own, defaults), images)


def _rows_of_csv(source: Path, defaults: Mapping[str, str]) -> Iterator[Row]:
    # utf-8-sig: spreadsheets put a mark before the first column's name.
    with source.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        unknown = set(reader.fieldnames or ()) - {*SUBJECT_FIELDS, *REFERENCE_FIELDS, "image"}
        if unknown or "image" not in (reader.fieldnames or ()):
            known = ", ".join(("image", *SUBJECT_FIELDS, *REFERENCE_FIELDS))
            raise UnreadableSource(f"The first line of {source} must name columns, image among them; known: {known}.")
        for line in reader:
            named = (part.strip() for part in (line.pop("image") or "").split(SEPARATOR))
            own = {name: (line.get(name) or "").strip() for name in line if name}
            images = tuple(source.parent / part for part in named if part)
            yield Row(f"line {reader.line_num}", _filled(own, defaults), images)


def _filled(own: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    return {name: own.get(name) or defaults.get(name) or "" for name in (*SUBJECT_FIELDS, *REFERENCE_FIELDS)}
