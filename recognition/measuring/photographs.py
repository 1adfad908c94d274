"""What does an engine make of a photograph? For measuring only."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from recognition.measuring.folders import listed_images
from recognition.pipeline.detect import detect_in_still
from recognition.pipeline.embed import glance, look_closely
from recognition.pipeline.errors import RejectedImage
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.limits import LIVE
from recognition.pipeline.picture import read_picture
from recognition.pipeline.quality import measure
from recognition.pipeline.types import Face, Image, Quality, Template

MIN_FACE = 40


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """One face: who it is, by number only, and what the engine makes of it."""

    person: int
    template: Template  # looked at closely
    glance: Template  # at a first look
    quality: Quality


@dataclass(frozen=True, slots=True)
class Collection:
    """All the photographs of a folder in which a face was found."""

    photographs: tuple[Photograph, ...]
    images: int
    not_detected: int
    ms_per_image: float


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Milliseconds of each step of one photograph; a step that was not reached took none."""

    decode: float
    detect: float = 0.0
    quality: float = 0.0
    embed: float = 0.0  # one chip, alignment included
    closer: float = 0.0  # the other chips of a closer look, likewise


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What came of one file. Without a face, `photograph` is None; `unreadable` says why there was no picture."""

    photograph: Photograph | None
    times: StepTimes
    unreadable: str = ""


def look(engine: Engine, person: int, path: Path) -> Look:
    """The face of a photograph; of several the one nearest the centre."""
    start = perf_counter()
    try:
        pixels = read_picture(path.read_bytes())
    except RejectedImage as error:
        return Look(None, StepTimes(_ms(start)), error.message.partition(". ")[0].rstrip(".") + ".")
    except OSError as error:
        return Look(None, StepTimes(_ms(start)), f"{error.strerror}.")
    decoded = perf_counter()
    face = central_face(engine, pixels)
    detected = perf_counter()
    if face is None:
        return Look(None, StepTimes(_ms(start, decoded), _ms(decoded, detected)))
    quality = measure(pixels, face.landmarks, limits=LIVE)
    aligned = perf_counter()
    first = glance(engine, pixels, [face.landmarks])
    glanced = perf_counter()
    closer = look_closely(engine, pixels, [face.landmarks], first)
    times = StepTimes(
        _ms(start, decoded), _ms(decoded, detected), _ms(detected, aligned), _ms(aligned, glanced), _ms(glanced)
    )
    return Look(Photograph(person, closer[0], first[0], quality), times)


def read_people(engine: Engine, folder: Path) -> Collection:
    """Every image of every person in `folder`, in this process, files that cannot be read left out.

    ValueError where there is no face at all.
    """
    start = perf_counter()
    looks = [look(engine, image.person, image.path) for image in listed_images(folder).images]
    read = [seen for seen in looks if not seen.unreadable]
    found = tuple(seen.photograph for seen in read if seen.photograph)
    if not found:
        raise ValueError(f"No face was found under {folder}. It must hold one folder of images per person.")
    return Collection(found, len(read), len(read) - len(found), _ms(start) / len(read))


def central_face(engine: Engine, image: Image, *, min_face: int = MIN_FACE) -> Face | None:
    """The face nearest the centre, which such collections are cut around; None where there is none."""
    faces = detect_in_still(engine.detector, image, min_face=min_face)
    return min(faces, key=lambda face: _off_centre(face, image), default=None)


def _off_centre(face: Face, image: Image) -> float:
    height, width = image.shape[:2]
    return float(np.hypot(*(face.box[:2] + face.box[2:] / 2 - (width / 2, height / 2))))


def _ms(start: float, end: float | None = None) -> float:
    return 1000 * ((perf_counter() if end is None else end) - start)
