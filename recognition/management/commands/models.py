"""`manage.py models`: which packs there are; download, check and remove their weights. Needs no servers."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from recognition.conf import conf
from recognition.packs import weights
from recognition.packs.download import Progress
from recognition.packs.errors import NotRemovable, PackError
from recognition.packs.listing import standings, text_table
from recognition.packs.obtain import Obtained, obtain
from recognition.packs.parts import AnyPart, RecogniserPart, fault
from recognition.packs.registry import PARTS, parts_of
from recognition.packs.weights import WeightFile


class Command(BaseCommand):
    help = "Lists, installs, verifies and removes the weights of recognisers and detectors."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="list|install|verify|remove")
        listed = actions.add_parser("list", help="What there is, and what of it is installed.")
        listed.add_argument("--json", action="store_true", dest="as_json")
        install = actions.add_parser("install", help="Download, check and keep the weights; continues a broken one.")
        install.add_argument("names", nargs="+", metavar="NAME", help="A pack, a recogniser or a detector.")
        install.add_argument("--from", type=Path, dest="source", metavar="DIR", help="Take the files from this folder.")
        verify = actions.add_parser("verify", help="Check every installed file; ends with 1 where one is not sound.")
        verify.add_argument("names", nargs="*", metavar="NAME", help="Only these, which then have to be installed.")
        remove = actions.add_parser("remove", help="Delete the weights.")
        remove.add_argument("names", nargs="+", metavar="NAME")
        for action in (listed, install, verify, remove):
            action.add_argument("--cache", type=Path, help="Folder of the weights, if not the installation's own.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        cache = options["cache"] or conf().pack_cache
        try:
            if action == "list":
                self._list(cache, options["as_json"])
            elif action == "install":
                self._install(_parts(options["names"]), cache, options["source"])
            elif action == "verify":
                self._verify(options["names"], cache)
            else:
                self._remove(_parts(options["names"]), cache)
        except PackError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _list(self, cache: Path, as_json: bool) -> None:
        rows = standings(cache)
        self.stdout.write(json.dumps([asdict(row) for row in rows], indent=1) if as_json else text_table(rows))

    def _install(self, parts: list[AnyPart], cache: Path, source: Path | None) -> None:
        if source is not None and not source.is_dir():
            raise CommandError(f"{source} is not a folder.")
        for part in parts:
            if isinstance(part, RecogniserPart) and not part.operational:
                self.stdout.write(f"{part.name} must not be used live: its licence is {part.licence}.")
            if not part.files:
                self.stdout.write(f"{part.name} comes with the installed packages; nothing is to be downloaded.")
            for file in part.files:
                with _bar(file, hidden=source is not None) as progress:
                    obtained = obtain(file, cache, source=source, trial=part.open, progress=progress)
                self.stdout.write(_said(file, obtained))

    def _verify(self, names: list[str], cache: Path) -> None:
        bad = 0
        for part in _parts(names) if names else _installed(cache):
            faults = [found for source in part.sources if (found := fault(source, cache))]
            bad += bool(faults)
            self.stdout.write(f"{part.name:<14}{' '.join(faults) or 'sound'}")
        if bad:
            raise CommandError("These weights are never loaded: install them again.", returncode=1)

    def _remove(self, parts: list[AnyPart], cache: Path) -> None:
        for part in parts:
            if not part.files:
                raise NotRemovable(f"{part.name} cannot be removed: its weights belong to the installed packages.")
        for part in parts:
            freed = sum(weights.remove(file, cache) for file in part.files)
            said = f"{freed / 1e6:.1f} MB freed" if freed else "was not installed"
            self.stdout.write(f"{part.name}: {said}.")


def _parts(names: list[str]) -> list[AnyPart]:
    return list(dict.fromkeys(part for name in names for part in parts_of(name)))


def _installed(cache: Path) -> list[AnyPart]:
    """Those that packages carry, and those of whose files any is there."""
    return [
        part
        for part in PARTS.values()
        if not part.files or any(weights.path_of(file, cache).exists() for file in part.files)
    ]


@contextmanager
def _bar(file: WeightFile, *, hidden: bool) -> Iterator[Progress]:
    with tqdm(
        desc=file.archive or file.name, unit="B", unit_scale=True, mininterval=0.5, disable=hidden, leave=False
    ) as bar:

        def progress(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _said(file: WeightFile, obtained: Obtained) -> str:
    record = obtained.record
    if not obtained.new:
        return f"{file.name} is installed and sound."
    if file.sha256 is not None:
        return f"{file.name} is installed; its SHA-256 is the published one."
    return (
        f"{file.name} is installed. Nobody publishes its hash; {record.sha256} was recorded at its first installation "
        f"on {record.installed_on}: compare it with a second site's."
    )
