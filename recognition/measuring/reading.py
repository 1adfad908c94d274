"""What does a pack make of a folder of photographs, one folder inside it per person? Read by several processes."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from recognition.measuring.folders import ImageFile, LeftOut, Listing
from recognition.measuring.photographs import Look, Photograph, StepTimes, look
from recognition.measuring.spreading import spread
from recognition.pipeline.interfaces import Engine


@dataclass(frozen=True, slots=True)
class Reading:
    """The photographs of a folder, and what could not be used of it."""

    folder: Path
    people: tuple[str, ...]  # by number, names of their folders
    photographs: tuple[Photograph, ...]
    paths: tuple[Path, ...]  # of the photographs, in their order
    not_detected: tuple[Path, ...]
    left_out: tuple[LeftOut, ...]
    empty_folders: int
    times: tuple[StepTimes, ...]  # of the photographs
    processor_ms: float  # of an image, on average: what other work on the machine does not lengthen
    seconds: float
    jobs: int

    @property
    def images(self) -> int:
        """Pictures that could be read."""
        return len(self.photographs) + len(self.not_detected)


def read_images(folder: Path, listing: Listing, *, pack: str, cache: Path, jobs: int, quiet: bool = False) -> Reading:
    """Every image of the `listing` of a folder."""
    start = perf_counter()
    looks = list(
        spread(_look, listing.images, pack=pack, cache=cache, jobs=jobs, title="Reading", unit="images", quiet=quiet)
    )
    seen = [(image, timed.look) for image, timed in zip(listing.images, looks, strict=True)]
    found = [(image.path, made.photograph, made.times) for image, made in seen if made.photograph]
    return Reading(
        folder=folder,
        people=listing.people,
        photographs=tuple(photograph for _, photograph, _ in found),
        paths=tuple(path for path, _, _ in found),
        not_detected=tuple(image.path for image, made in seen if not made.photograph and not made.unreadable),
        left_out=(*listing.left_out, *(LeftOut(i.path, made.unreadable) for i, made in seen if made.unreadable)),
        empty_folders=listing.empty_folders,
        times=tuple(times for _, _, times in found),
        processor_ms=sum(timed.processor_ms for timed in looks) / max(len(looks), 1),
        seconds=perf_counter() - start,
        jobs=jobs,
    )


@dataclass(frozen=True, slots=True)
class _Timed:
    look: Look
    processor_ms: float


def _look(engine: Engine, image: ImageFile) -> _Timed:
    start = process_time()
    made = look(engine, image.person, image.path)
    return _Timed(made, 1000 * (process_time() - start))
