"""What is a section of the report?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Draw = Callable[[Any], None]  # onto matplotlib's Axes


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of its own."""

    name: str  # of its file, without suffix
    title: str
    draw: Draw


@dataclass(frozen=True, slots=True)
class Section:
    """One question answered. `figures` go into the JSON beside those of the other sections; a figure that could not be
    measured is None there, with a reason beside it."""

    title: str
    lines: tuple[str, ...]
    figures: dict[str, Any]
    plots: tuple[Plot, ...] = ()
