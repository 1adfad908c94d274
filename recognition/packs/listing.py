"""What can be said of every pack, in a table: for docs/packs.md and for `manage.py models list`."""

from dataclasses import dataclass
from pathlib import Path

from . import weights
from .install import Network
from .parts import AnyPart, RecogniserPart, fault
from .registry import DEFAULT_PACK, PACKS, PARTS, USUAL_DETECTOR


@dataclass(frozen=True, slots=True)
class Standing:
    """One part, and how it stands on this machine."""

    name: str
    kind: str  # "recogniser" or "detector"
    deepface: str
    state: str  # "package", "installed", "not installed" or "damaged"
    faults: tuple[str, ...]  # sentences; of one that is not installed too
    size: int | None  # bytes to download, or that the installed files take; None where that is not known
    hashes: tuple[str, ...]  # SHA-256 of what is downloaded: published or recorded; "" where neither is known
    published: bool  # whether all those hashes were published
    recorded_on: str  # ISO date of the first installation; empty before
    operational: bool
    licence: str


def standings(cache_dir: Path) -> list[Standing]:
    return [_standing(part, cache_dir) for part in PARTS.values()]


def _standing(part: AnyPart, cache_dir: Path) -> Standing:
    records = [weights.record_of(file, cache_dir) for file in part.files]
    faults = tuple(found for source in part.sources if (found := fault(source, cache_dir)))
    there = all(weights.path_of(file, cache_dir).exists() for file in part.files)
    sizes = [record.size if record else file.size for file, record in zip(part.files, records, strict=True)]
    hashes = [
        file.sha256 or (record.sha256 if record else "") for file, record in zip(part.files, records, strict=True)
    ]
    return Standing(
        name=part.name,
        kind=_kind(part),
        deepface=part.deepface,
        state="not installed" if not there else "damaged" if faults else "installed" if part.files else "package",
        faults=faults,
        size=None if None in sizes else sum(size for size in sizes if size is not None),
        hashes=tuple(hashes),
        published=all(file.sha256 for file in part.files),
        recorded_on=next((record.installed_on for record in records if record), ""),
        operational=not isinstance(part, RecogniserPart) or part.operational,
        licence=part.licence,
    )


def text_table(rows: list[Standing]) -> str:
    """For a terminal: what is there, what it weighs, and whether it may be used."""
    lines = [f"{'name':<14}{'kind':<12}{'state':<15}{'size':>9}  {'live use':<10}licence"]
    for row in rows:
        size = "" if not row.hashes else "unknown" if row.size is None else f"{row.size / 1e6:.1f} MB"
        live = "yes" if row.operational else "no"
        lines.append(f"{row.name:<14}{row.kind:<12}{row.state:<15}{size:>9}  {live:<10}{row.licence}")
    lines.append("")
    lines.append(
        f"A pack is a recogniser, with {USUAL_DETECTOR} as its detector unless another is named after a plus sign:"
    )
    lines.append(f"{', '.join(list(PACKS)[:5])} and so on. The default is {DEFAULT_PACK}.")
    return "\n".join(lines)


def recogniser_table() -> str:
    """For docs/packs.md."""
    head = ["pack", "DeepFace", "numbers", "alignment", "input", "licence", "live use"]
    rows = [
        [
            f"`{part.name}`",
            part.deepface,
            str(part.dimension),
            part.alignment.name,
            str(part.pixels),
            part.licence,
            "yes" if part.operational else "**no**",
        ]
        for part in PARTS.values()
        if isinstance(part, RecogniserPart)
    ]
    return _markdown(head, rows)


def file_table() -> str:
    """For docs/packs.md."""
    head = ["part", "file", "from", "bytes", "SHA-256", "where the hash is published"]
    rows = []
    for part in PARTS.values():
        for source in part.sources:
            if isinstance(source, Network):
                place, size, known_from = f"package `{source.package}`", "", "recorded when the pack was made"
            else:
                place, size = "<br>".join(source.urls), f"{source.size:,}" if source.size else "not known"
                known_from = source.known_from
            digest = f"`{source.sha256}`" if source.sha256 else "recorded at the first installation"
            rows.append([f"`{part.name}`", f"`{_file_name(source)}`", place, size, digest, known_from])
    return _markdown(head, rows)


def _file_name(source: Network | weights.WeightFile) -> str:
    return source.file if isinstance(source, Network) else source.name


def _kind(part: AnyPart) -> str:
    return "recogniser" if isinstance(part, RecogniserPart) else "detector"


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ["---"] * len(head), *rows])
