"""`manage.py evaluate DIR`: what a pack is worth, measured on a folder of photographs. Needs no servers."""

import json
import os
from argparse import ArgumentParser
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recognition.conf import conf
from recognition.measuring.errors import GroupsFault
from recognition.measuring.evaluating import Report, evaluate
from recognition.measuring.rendered import FRAMES
from recognition.measuring.report.ground import Request
from recognition.measuring.report.plots import write_plots
from recognition.packs import registry
from recognition.packs.errors import PackError

VERIFIED = 500


class Command(BaseCommand):
    help = (
        "Measures a pack on a folder with a folder of photographs for each person: faces not found, verification, "
        "identification on lists of several lengths, time, and error rates by group."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="holds one folder of images per person")
        parser.add_argument("--pack", default=conf().pack, help="(default: the one in use, %(default)s)")
        parser.add_argument(
            "--gallery",
            type=int,
            nargs="+",
            default=[],
            metavar="N",
            help="people listed; of several lengths the first that serves is the one for --verify and --groups "
            "(default: 250 and other usual lengths that the folder has people for)",
        )
        parser.add_argument("--draws", type=int, default=100, help="draws of who is listed (default: 100)")
        parser.add_argument("--seed", type=int, default=0, help="of all draws (default: 0)")
        parser.add_argument(
            "--verify",
            type=int,
            nargs="?",
            const=VERIFIED,
            default=0,
            metavar="N",
            help=f"what DeepFace.verify removes, tried on N candidates of each kind at most ({VERIFIED} without N)",
        )
        parser.add_argument(
            "--rendered",
            type=int,
            nargs="?",
            const=FRAMES,
            default=0,
            metavar="N",
            help=f"evidence over passages of N frames made from stills too ({FRAMES} without N)",
        )
        parser.add_argument(
            "--groups", type=Path, metavar="CSV", help="columns: person (or image) and group, as declared or recorded"
        )
        parser.add_argument("--source", help="what the folder holds, for the record (default: its name)")
        parser.add_argument("--json", type=Path, metavar="OUT", help="writes all figures to this file")
        parser.add_argument("--plots", type=Path, metavar="DIR", help="writes plots into this folder")
        parser.add_argument("--plot-format", choices=("svg", "png"), default="svg")
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one per core)")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder. Give one that holds a folder of images for each person.")
        if min([1, *options["gallery"], options["draws"], options["jobs"]]) < 1:
            raise CommandError("--gallery, --draws and --jobs must be 1 or more.")
        if min(options["seed"], options["verify"], options["rendered"]) < 0:
            raise CommandError("--seed, --verify and --rendered must be 0 or more.")
        if options["groups"] and not options["groups"].is_file():
            raise CommandError(f"There is no file {options['groups']}.")
        if options["json"] and not options["json"].resolve().parent.is_dir():
            raise CommandError(f"There is no folder to write {options['json']} into.")
        try:
            report = evaluate(_request(folder, **options))
            self._write(report, options["json"], options["plots"], options["plot_format"])
        except (PackError, GroupsFault) as error:
            raise CommandError(str(error)) from error
        except BrokenProcessPool as error:
            raise CommandError("A process was ended before its work was done. Try --jobs 1.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        except KeyboardInterrupt:
            raise CommandError("Stopped.", returncode=130) from None

    def _write(self, report: Report, figures: Path | None, plots: Path | None, kind: str) -> None:
        self.stdout.write(report.text)
        if figures:
            figures.write_text(json.dumps(report.figures, indent=1) + "\n", encoding="utf-8")
        if plots:
            written = write_plots(report.plots, plots, kind=kind, label=report.label)
            self.stdout.write("\n" + "\n".join(f"Written: {path}" for path in written))


def _request(folder: Path, **options: Any) -> Request:
    pack = registry.find(options["pack"])
    return Request(
        folder=folder,
        pack=pack.name,
        identifier=pack.identifier,
        cache=conf().pack_cache,
        source=options["source"] or folder.resolve().name,
        date=timezone.localdate().isoformat(),
        listed=tuple(dict.fromkeys(options["gallery"])),
        draws=options["draws"],
        seed=options["seed"],
        jobs=options["jobs"],
        quiet=options["quiet"],
        verify=options["verify"],
        rendered=options["rendered"],
        groups=options["groups"],
    )
