"""What is a pack worth on a folder of photographs? Read once, then one section of the report after another."""

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from recognition.measuring.folders import listed_images
from recognition.measuring.groups import read_groups
from recognition.measuring.reading import read_images
from recognition.measuring.report.first_look import glanced
from recognition.measuring.report.frames import over_frames
from recognition.measuring.report.ground import Ground, Request
from recognition.measuring.report.groups import fairness
from recognition.measuring.report.identification import on_a_list
from recognition.measuring.report.images import images
from recognition.measuring.report.second_look import verified
from recognition.measuring.report.section import Plot, Section
from recognition.measuring.report.timing import timing
from recognition.measuring.report.verification import same_person

SECTIONS: tuple[Callable[[Ground], Section], ...] = (
    images,
    same_person,
    on_a_list,
    glanced,
    over_frames,
    verified,
    timing,
    fairness,
)

WIDTH = 110  # characters of a line of the text


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to say, as text, as figures and as plots."""

    label: str  # pack, source, size and date: what every figure and plot carries with it
    sections: tuple[Section, ...]
    request: Request

    @property
    def text(self) -> str:
        return "\n\n".join([self.label, *("\n".join(_wrapped(section)) for section in self.sections)])

    @property
    def figures(self) -> dict[str, Any]:
        asked = self.request
        head = {
            "pack": asked.identifier,
            "source": asked.source,
            "date": asked.date,
            "draws": asked.draws,
            "seed": asked.seed,
        }
        return head | {name: value for section in self.sections for name, value in section.figures.items()}

    @property
    def plots(self) -> tuple[Plot, ...]:
        return tuple(plot for section in self.sections for plot in section.plots)


def evaluate(request: Request) -> Report:
    """Reads the folder and measures everything that it can support; what it cannot is said in its section.

    PackError where the pack cannot be loaded, GroupsFault for a CSV of groups with faults.
    """
    listing = listed_images(request.folder)
    groups = read_groups(request.groups, listing.people) if request.groups else None
    reading = read_images(
        request.folder, listing, pack=request.pack, cache=request.cache, jobs=request.jobs, quiet=request.quiet
    )
    ground = Ground(request, reading, groups)
    label = (
        f"{request.identifier} on {request.source}: {reading.images:,} images of {len(ground.sample.images):,} people, "
        f"{request.date}"
    )
    return Report(label, tuple(make(ground) for make in SECTIONS), request)


def _wrapped(section: Section) -> list[str]:
    """Only prose is broken: a row of a table, told by its gaps, stays whole."""
    lines = [section.title, "-" * len(section.title)]
    for line in section.lines:
        indent = " " * (len(line) - len(line.lstrip()))
        whole = len(line) <= WIDTH or "  " in line.strip()
        lines += [line] if whole else wrap(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
    return lines
