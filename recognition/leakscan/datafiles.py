"""What lies in PostgreSQL's own files: pages, the write-ahead log, and what was deleted but not yet overwritten."""

from collections import Counter
from pathlib import Path

from recognition.leakscan.images import jpeg_headers
from recognition.leakscan.likeness import Likeness
from recognition.leakscan.templates import windows

FOLDERS = ("base", "pg_wal")
JPEG, TEMPLATE = "JPEG header", "template"

Remains = Counter[tuple[str, str]]  # by folder, and JPEG or TEMPLATE


def remains(data_folder: Path, *, likeness: Likeness, threshold: float) -> Remains:
    """How many JPEGs begin in the files, of whomever, and how many templates of somebody looked for there are.

    A long value lies in parts, so that a picture cannot be put together again from here: none may begin at all.
    Compare with an earlier count, since nothing is ever taken out of these files in good time.
    """
    found: Remains = Counter()
    for folder in FOLDERS:
        for path in sorted((data_folder / folder).rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                found[folder, JPEG] += len(jpeg_headers(data))
                found[folder, TEMPLATE] += sum(
                    int((likeness.of_windows(stretch) >= threshold).sum()) for stretch in windows(data)
                )
    return +found
