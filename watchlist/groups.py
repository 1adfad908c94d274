"""Which group does each person belong to? As they declared or an officer recorded, read from CSV and kept nowhere."""

import csv
from collections.abc import Collection, Iterable, Mapping

RECORD_NUMBER, GROUP = "record_number", "group"


class UnreadableGroups(Exception):
    """A sentence that names the line."""


def groups_of(lines: Iterable[str], *, known: Collection[str]) -> Mapping[str, str]:
    """The group of each record number, from CSV with a heading line. `known` are the numbers that may stand in it.

    Raises UnreadableGroups for a number that is unknown or stands twice, and for one without a group.
    """
    rows = csv.DictReader(lines, strict=True)
    found: dict[str, str] = {}
    try:
        if not {RECORD_NUMBER, GROUP} <= set(rows.fieldnames or ()):
            raise UnreadableGroups(f"Line 1: name the columns {RECORD_NUMBER} and {GROUP}.")
        for row in rows:
            number, group = ((row[column] or "").strip() for column in (RECORD_NUMBER, GROUP))
            found[_accepted(number, group, found, known, rows.line_num)] = group
    except csv.Error as error:
        raise UnreadableGroups(f"Line {rows.line_num}: this is not CSV ({error}).") from None
    if not found:
        raise UnreadableGroups("There is nobody in it: write a line for each person below the heading.")
    return found


def _accepted(number: str, group: str, found: Mapping[str, str], known: Collection[str], line: int) -> str:
    if not number:
        raise UnreadableGroups(f"Line {line}: there is no record number.")
    if not group:
        raise UnreadableGroups(f"Line {line}: {number} has no group; leave out whoever declared none.")
    if number in found:
        raise UnreadableGroups(f"Line {line}: {number} stands in it twice.")
    if number not in known:
        raise UnreadableGroups(f"Line {line}: {number} is no member of staff on this deployment's list.")
    return number
