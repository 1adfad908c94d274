"""What do the sections of the report stand on? What was asked, what was read, and what several of them need."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from recognition.measuring.errors import TooFew
from recognition.measuring.identification import FPIRS, Gain, Identification, gain, identification
from recognition.measuring.pairs import Pairs, all_pairs
from recognition.measuring.progress import progress
from recognition.measuring.reading import Reading
from recognition.measuring.searches import Listed, Sample, draw_lists, searches
from watchlist.calibration import Frames

USUAL_LISTS = (250, 50, 100, 500, 1000)
WORKING_FPIR = 0.01  # at which candidates are verified and groups compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the person who evaluates asked for."""

    folder: Path
    pack: str  # its name
    identifier: str  # name and version
    cache: Path
    source: str  # what the folder holds, for the record
    date: str  # ISO
    listed: tuple[int, ...] = ()  # sizes of lists, the first for verification and groups; none: the usual ones that fit
    draws: int = 100
    seed: int = 0
    jobs: int = 1
    quiet: bool = False
    verify: int = 0  # candidates of each kind to verify at most
    rendered: int = 0  # frames of a passage made from a still; none: such passages are left out
    groups: Path | None = None


@dataclass(frozen=True, slots=True)
class ListSize:
    """All that was found with so many people listed; nothing, with the reason, where they cannot be."""

    listed: int
    rows: tuple[Identification, ...]
    gains: tuple[Gain, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Ground:
    request: Request
    reading: Reading
    groups: Mapping[int, str] | None  # by person; None: not asked for

    @cached_property
    def sample(self) -> Sample:
        return Sample(self.reading.photographs)

    @cached_property
    def pairs(self) -> Pairs:
        return all_pairs(self.reading.photographs)

    @cached_property
    def lists(self) -> tuple[ListSize, ...]:
        """In the order asked for."""
        return tuple(self._list_size(listed) for listed in self.request.listed or self._usual())

    @cached_property
    def working(self) -> tuple[int, float]:
        """People listed and threshold at which verification and groups are looked at: single images, the first list
        that allows the FPIR for it. TooFew where none does."""
        for row in (row for size in self.lists for row in size.rows):
            if row.frames is Frames.SINGLE and row.fpir == WORKING_FPIR and row.found:
                return row.listed, row.found.threshold
        raise TooFew(f"No list gives a threshold of FPIR {WORKING_FPIR:.0%}.")

    def _bar(self, lists: list[Listed]) -> Iterator[Listed]:
        title = f"Searching {len(lists[0].people):,} listed"
        return progress(lists, title, total=len(lists), unit="draws", quiet=self.request.quiet)

    def _usual(self) -> tuple[int, ...]:
        """Those with a quarter of all people left unlisted; else half of those who can be listed."""
        known, people = len(self.sample.with_mates), len(self.sample.images)
        return tuple(n for n in USUAL_LISTS if n <= min(known, 0.75 * people)) or (max(1, min(known, people // 2)),)

    def _list_size(self, listed: int) -> ListSize:
        request = self.request
        try:
            lists = draw_lists(self.sample, listed=listed, draws=request.draws, seed=request.seed)
        except TooFew as error:
            nothing = [
                Identification(listed, frames, fpir, 0, 0, None, str(error)) for frames in Frames for fpir in FPIRS
            ]
            return ListSize(listed, tuple(nothing), reason=str(error))
        found = {frames: [searches(self.sample, drawn, frames) for drawn in self._bar(lists)] for frames in Frames}
        return ListSize(
            listed,
            tuple(identification(found[f], fpir, listed=listed, frames=f) for f in Frames for fpir in FPIRS),
            tuple(
                gain(found[Frames.SINGLE], found[Frames.PASSAGE], fpir, listed=listed, seed=request.seed)
                for fpir in FPIRS
            ),
        )
