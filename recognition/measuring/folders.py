"""Which photographs does a folder hold? One folder inside it per person; persons become numbers here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A file that should be a photograph of a person, who is a number: the place in `Listing.people`."""

    person: int
    path: Path


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that gave no picture."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What there is in a folder; hidden files are passed over."""

    people: tuple[str, ...]  # names of their folders, also of empty ones
    images: tuple[ImageFile, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def empty_folders(self) -> int:
        return len(self.people) - len({image.person for image in self.images})


def listed_images(folder: Path) -> Listing:
    """Looked for by name only; nothing is opened."""
    entries = list(_visible(folder))
    people = [entry for entry in entries if entry.is_dir()]
    left_out = [LeftOut(entry, "It is not in a folder of a person.") for entry in entries if not entry.is_dir()]
    images: list[ImageFile] = []
    for person, own in enumerate(people):
        for path in _visible(own):
            if path.suffix.lower() in SUFFIXES:
                images.append(ImageFile(person, path))
            elif path.is_dir():
                left_out.append(LeftOut(path, "It is a folder within the folder of a person."))
            else:
                left_out.append(LeftOut(path, f"Its name ends in none of {', '.join(SUFFIXES)}."))
    return Listing(tuple(own.name for own in people), tuple(images), tuple(left_out))


def _visible(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if not path.name.startswith("."))
