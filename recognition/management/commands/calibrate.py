"""`manage.py calibrate DIR`: what a pack's scores mean, measured on a folder per person, and kept for thresholds."""

import argparse
import datetime as dt
import json
import os
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recognition.conf import conf
from recognition.measuring.calibrating import TooFew, calibrate
from recognition.measuring.folders import listed_images
from recognition.measuring.photographs import Photograph
from recognition.measuring.promises import as_dict, as_text, promises
from recognition.measuring.reading import read_images
from recognition.measuring.splits import SPLITS, Promise, try_on_other_people
from recognition.packs.errors import PackError
from recognition.packs.registry import find
from watchlist.calibration import Calibration, to_json
from watchlist.services.calibrations import calibration_store


class Command(BaseCommand):
    help = (
        "Measures on a folder of photographs, one folder inside it per person, how alike a pack finds two people and "
        "two images of one. Only counts and shares are kept, never a name or a template. Says what that promises, and "
        "whether it held on other people. Thresholds of what is approved or started from then on rest on it."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="One folder of photographs per person.")
        parser.add_argument("--pack", default=conf().pack, help="Name of the pack (default: the one in use).")
        parser.add_argument("--source", required=True, help="Whose photographs they are: shown beside every threshold.")
        parser.add_argument("--date", required=True, type=dt.date.fromisoformat, help="Day of the measurement.")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--splits", type=int, default=SPLITS, help="Times it is tried on the other half of people.")
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="Processes (default: one per core).")
        parser.add_argument("--quiet", action="store_true", help="No progress bar.")
        parser.add_argument("--json", action="store_true")
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--out", type=Path, help="Write it to this file instead of the database.")
        where.add_argument("--dry-run", action="store_true", help="Measure and say, and keep nothing.")

    def handle(self, *args: Any, folder: Path, pack: str, splits: int, seed: int, quiet: bool, **options: Any) -> None:
        out = options["out"]
        if min(splits, options["jobs"]) < 1:
            raise CommandError("--splits and --jobs must be 1 or more.")
        if seed < 0:
            raise CommandError("--seed must be 0 or more.")
        if out and not out.resolve().parent.is_dir():
            raise CommandError(f"There is no folder to write {out} into.")
        try:
            photographs = self._read(folder, pack, jobs=options["jobs"], quiet=quiet)
            found = calibrate(
                photographs,
                pack=find(pack).identifier,
                source=options["source"],
                date=options["date"],
                seed=seed,
                quiet=quiet,
            )
            held = try_on_other_people(photographs, splits=splits, seed=seed, quiet=quiet)
            kept = self._kept(found, out, options["dry_run"])
        except (TooFew, PackError) as error:
            raise CommandError(str(error)) from error
        except BrokenProcessPool as error:
            raise CommandError("A process was ended before its work was done. Try --jobs 1.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; nothing is kept.", returncode=130) from None
        if options["json"]:
            self.stdout.write(json.dumps(_report(found, held) | {"kept": kept}))
        else:
            self.stdout.write("\n".join([*as_text(found, held), "", kept]))

    def _read(self, folder: Path, pack: str, *, jobs: int, quiet: bool) -> tuple[Photograph, ...]:
        listing = listed_images(folder)
        read = read_images(folder, listing, pack=find(pack).name, cache=conf().pack_cache, jobs=jobs, quiet=quiet)
        left_out = f", {len(read.left_out):,} files left out" if read.left_out else ""
        self.stderr.write(f"{read.images:,} images, no face in {len(read.not_detected):,}{left_out}.")
        return read.photographs

    def _kept(self, found: Calibration, out: Path | None, dry_run: bool) -> str:
        """Where it is kept, in a sentence."""
        if dry_run:
            return "Kept nowhere."
        if out is not None:
            out.write_text(to_json(found), encoding="utf-8")
            return f"Written to {out}; no threshold rests on it."
        stored = calibration_store(found)
        return f"Stored as {stored.sha256[:12]}: thresholds of {found.pack} rest on it from the next approval or start."


def _report(found: Calibration, held: list[Promise]) -> dict[str, Any]:
    return {
        "pack": found.pack,
        "source": found.source,
        "date": found.date.isoformat(),
        "people": found.non_mated.people,
        "comparisons": found.non_mated.comparisons,
        "measured_to": found.non_mated.measured_to,
        "largest_list": {str(one_in): found.largest_list(one_in=one_in) for one_in in (100, 1000, 10000)},
        "promises": [asdict(row) for row in promises(found)],
        "other_people": [as_dict(row) for row in held],
    }
