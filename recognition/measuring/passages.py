"""Passages to measure with: three photographs of different occasions, or frames rendered from one still."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.comparisons import spread_of
from recognition.measuring.folders import listed_images
from recognition.measuring.photographs import Photograph, central_face
from recognition.measuring.rendered import FRAMES, render, shots
from recognition.measuring.spreading import spread
from recognition.pipeline.decode import decode
from recognition.pipeline.detect import detect
from recognition.pipeline.embed import glance, look_closely
from recognition.pipeline.errors import RejectedImage
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.limits import LIVE
from recognition.pipeline.picture import read_picture
from recognition.pipeline.quality import measure
from recognition.pipeline.types import Image, Quality, Templates

PHOTOGRAPHS = 3  # of a passage, each of another occasion
MIN_FACE = 60  # pixels, as `Policy` has it
FARTHEST_OFF = 0.5  # of the face's side; a face further from the middle of a rendered frame is somebody else's
PEOPLE_SEED = 99


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """The usable frames of one person's way past a camera; there may be none."""

    person: int
    mated: bool  # whether the person's reference is another image than those seen here
    still: Templates  # (1, dimension): one good photograph of the same occasion, for what a single look gives
    templates: Templates  # (frames, dimension)
    qualities: tuple[Quality, ...]


@dataclass(frozen=True, eq=False)
class Passages:
    """One passage for each of many people, and a reference for each who can be listed."""

    footage: str
    items: tuple[Passage, ...]
    people: NDArray[np.int64]  # (listable,)
    references: Templates  # (listable, dimension)

    @cached_property
    def own(self) -> NDArray[np.bool_]:
        """(passages, listable): whether both are of one person."""
        return np.array([passage.person for passage in self.items])[:, np.newaxis] == self.people

    @cached_property
    def mated(self) -> NDArray[np.bool_]:
        """(passages, listable): whether one person is seen in both, in different images."""
        return self.own & np.array([passage.mated for passage in self.items])[:, np.newaxis]

    @cached_property
    def spread(self) -> float:
        """How far scores of one person lie apart: of the stills against their own references."""
        rows, columns = np.nonzero(self.mated)
        stills = np.concatenate([self.items[row].still for row in rows])
        return spread_of(np.einsum("nd,nd->n", stills, self.references[columns]))


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """A face as the steps of the pipeline leave it, looked at closely and by one chip."""

    closely: Templates  # (1, dimension)
    once: Templates
    quality: Quality


def photographed(photographs: Sequence[Photograph]) -> Passages:
    """The second to fourth photograph of each person pass, the first is the reference.

    Of whoever has three they all pass: such people can only be strangers, or be listed without being searched for.
    """
    by_person: dict[int, list[Photograph]] = {}
    for photograph in photographs:
        by_person.setdefault(photograph.person, []).append(photograph)
    listable = {person: own[0] for person, own in by_person.items() if len(own) > 1}
    items = [
        Passage(
            person=person,
            mated=len(own) > PHOTOGRAPHS,
            still=own[-1].template[np.newaxis],
            templates=np.stack([photograph.template for photograph in seen]),
            qualities=tuple(photograph.quality for photograph in seen),
        )
        for person, own in by_person.items()
        if len(own) >= PHOTOGRAPHS and (seen := own[-PHOTOGRAPHS:] if len(own) == PHOTOGRAPHS else own[1:4])
    ]
    references = np.stack([own.template for own in listable.values()])
    return Passages("three photographs", tuple(items), np.array(list(listable)), references)


def rendered(
    folder: Path,
    *,
    several: int,
    single: int,
    pack: str,
    cache: Path,
    frames: int = FRAMES,
    seed: int = 1,
    jobs: int = 1,
    quiet: bool = False,
) -> tuple[Passages, Passages]:
    """Passages of people drawn from `folder` (a folder each), looked at closely and by one chip each.

    At most `several` who have two images or more: the first is the reference, the second is rendered. At most `single`
    who have one, which is rendered. Files that cannot be read are passed over. `seed` makes the frames; the same people
    are drawn whatever it is. Each frame goes through the steps of the pipeline: decoded, detected, aligned, its quality
    measured, embedded. ValueError where nobody has two images.
    """
    people = _images(folder)
    rng = np.random.default_rng(PEOPLE_SEED)
    drawn = [
        *rng.permutation([person for person, own in enumerate(people) if len(own) > 1])[:several],
        *rng.permutation([person for person, own in enumerate(people) if len(own) == 1])[:single],
    ]
    walkers = [_Walker(int(person), tuple(people[int(person)]), frames, seed) for person in drawn]
    walks = spread(
        _rendered, walkers, pack=pack, cache=cache, jobs=jobs, title="Rendering", unit="passages", quiet=quiet
    )
    found = [made for made in walks if made]
    return (
        _assembled(found, "closely", f"{frames} rendered frames"),
        _assembled(found, "once", f"{frames} rendered frames, one chip"),
    )


def _images(folder: Path) -> list[list[Path]]:
    """Of each person."""
    listing = listed_images(folder)
    people: list[list[Path]] = [[] for _ in listing.people]
    for image in listing.images:
        people[image.person].append(image.path)
    return people


@dataclass(frozen=True, slots=True)
class _Walker:
    person: int
    paths: tuple[Path, ...]  # of the first two that can be read, one is the reference, one is rendered
    frames: int
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class _Rendered:
    person: int
    reference: _Look | None
    still: _Look
    frames: tuple[_Look, ...]


def _rendered(engine: Engine, walker: _Walker) -> _Rendered | None:
    pictures = list(islice(_pictures(walker.paths), 2))
    faces = [central_face(engine, picture) for picture in pictures]
    if not faces or faces[-1] is None:
        return None
    rng = np.random.default_rng([walker.seed, walker.person])
    jpegs = [render(pictures[-1], faces[-1], shot, rng) for shot in shots(rng, frames=walker.frames)]
    reference = _look(engine, pictures[0], faces[0].landmarks) if len(faces) == 2 and faces[0] else None
    still = _look(engine, pictures[-1], faces[-1].landmarks)
    looks = (look for jpeg in jpegs if (look := _frame(engine, jpeg)) and look.quality.usable)
    return _Rendered(walker.person, reference, still, tuple(looks))


def _pictures(paths: Sequence[Path]) -> Iterator[Image]:
    """Those that can be read; the others are listed by whoever reads the folder."""
    for path in paths:
        try:
            yield read_picture(path.read_bytes())
        except (RejectedImage, OSError):
            continue


def _frame(engine: Engine, jpeg: bytes) -> _Look | None:
    """What the pipeline makes of the face in the middle of a frame; None where it finds none."""
    image = decode(jpeg)
    middle = np.array(image.shape[1::-1]) / 2
    for face in detect(engine.detector, image, min_face=MIN_FACE):
        off = np.abs(face.box[:2] + face.box[2:] / 2 - middle).max()
        if off <= FARTHEST_OFF * face.box[2:].max():
            return _look(engine, image, face.landmarks)
    return None


def _look(engine: Engine, image: Image, landmarks: NDArray[np.float32]) -> _Look:
    once = glance(engine, image, [landmarks])
    return _Look(look_closely(engine, image, [landmarks], once), once, measure(image, landmarks, limits=LIVE))


def _assembled(found: Sequence[_Rendered], kind: str, footage: str) -> Passages:
    listable = {made.person: getattr(made.reference, kind) for made in found if made.reference}
    if not listable:
        raise ValueError("Nobody among those drawn has two images: nobody can be listed and searched for.")
    return Passages(
        footage, tuple(_passages(found, kind)), np.array(list(listable)), np.concatenate(list(listable.values()))
    )


def _passages(found: Sequence[_Rendered], kind: str) -> Iterator[Passage]:
    for made in found:
        still: Templates = getattr(made.still, kind)
        yield Passage(
            person=made.person,
            mated=made.reference is not None,
            still=still,
            templates=np.concatenate([still[:0], *(getattr(look, kind) for look in made.frames)]),
            qualities=tuple(look.quality for look in made.frames),
        )
