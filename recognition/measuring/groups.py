"""Who belongs to which group? Read from a CSV of what people declared or an officer recorded; nothing is inferred."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recognition.measuring.errors import GroupsFault

MOST_FAULTS = 10  # told at once


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    name: str  # of the person's folder
    group: str


def read_groups(path: Path, people: Sequence[str]) -> dict[int, str]:
    """Group of each person named in the CSV, by the person's place in `people` (names of folders).

    Columns: `group`, and `person` (the name of a folder) or `image` (a path in the evaluated folder, whose first part
    is that name). GroupsFault for an unknown person, a person named twice, an empty group or a missing column; several
    images of one person may be named if their groups are the same.
    """
    places = {name: place for place, name in enumerate(people)}
    groups: dict[int, str] = {}
    first: dict[str, _Row] = {}
    faults = []
    with path.open(newline="", encoding="utf-8-sig") as file:
        try:
            rows = list(_rows(csv.DictReader(file, strict=True)))
        except (csv.Error, UnicodeDecodeError) as error:
            raise GroupsFault(f"{path} is not a CSV file in UTF-8: {error}.") from error
    for row, key in rows:
        before = first.setdefault(key, row)
        known = groups.get(places.get(row.name, -1), row.group)
        if row.name not in places:
            faults.append(f"line {row.line}: there is no folder of a person named {row.name!r}")
        elif not row.group:
            faults.append(f"line {row.line}: the group is empty; leave the row out where none was declared")
        elif before is not row:
            faults.append(f"line {row.line}: {key!r} was named before, in line {before.line}")
        elif known != row.group:
            faults.append(f"line {row.line}: {row.name!r} is in the group {known!r} by a line before this one")
        else:
            groups[places[row.name]] = row.group
    if faults:
        more = [f"and {len(faults) - MOST_FAULTS} more faults"] if len(faults) > MOST_FAULTS else []
        raise GroupsFault(f"{path}:\n" + "\n".join([*faults[:MOST_FAULTS], *more]))
    if not groups:
        raise GroupsFault(f"{path} names nobody.")
    return groups


def _rows(reader: csv.DictReader) -> Iterator[tuple[_Row, str]]:
    """Each row with what must not be named twice."""
    columns = set(reader.fieldnames or ())
    if "group" not in columns or not columns & {"person", "image"}:
        raise GroupsFault("The first line must name the columns: group, and person or image.")
    named = "person" if "person" in columns else "image"
    for fields in reader:
        key = (fields[named] or "").strip()
        name = key if named == "person" else Path(key).parts[0] if key else ""
        yield _Row(reader.line_num, name, (fields["group"] or "").strip()), key
