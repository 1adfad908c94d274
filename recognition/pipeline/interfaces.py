"""What must a pack bring? A detector, a recogniser, and where it expects a face in its chips: an engine."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.types import Face, Image, Templates


class FaceDetector(Protocol):
    def detect(self, image: Image, min_face: int) -> list[Face]:
        """Faces of at least about `min_face` pixels, best score first; an empty list where there are none."""
        ...


@runtime_checkable
class DetectsNear(FaceDetector, Protocol):
    """A detector that can also find a face again without searching the whole image for it."""

    def detect_near(self, image: Image, boxes: NDArray[np.float32]) -> list[Face]:
        """The faces where `boxes`, (n, 4) x y width height, expect them; one for each at most."""
        ...


class Recogniser(Protocol):
    @property
    def dimension(self) -> int:
        """Numbers of a template."""
        ...

    @property
    def outputs(self) -> int:
        """Numbers of an embedding."""
        ...

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, side, side, 3) RGB chips to (n, outputs): what the network says of each, as DeepFace compares it."""
        ...

    def describe(self, chips: NDArray[np.uint8]) -> Templates:
        """(n, side, side, 3) RGB chips to (n, dimension): a template of unit length for each."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A chip that a closer look averages with the alignment's own."""

    template: NDArray[np.float32]  # (5, 2), as `Alignment.template`
    mirrored: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """The square chip a recogniser reads, and where in it the five points of a face are laid."""

    name: str
    side: int  # pixels
    template: NDArray[np.float32]  # (5, 2) in pixels of the chip, in the order of `Face.landmarks`
    varied: tuple[Laid, ...] = ()  # what a closer look adds; none: the mirror image

    @property
    def beside(self) -> tuple[Laid, ...]:
        """The chips that a closer look adds to the one of a first look."""
        return self.varied or (Laid(self.template, mirrored=True),)


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """A pack, loaded: what `process_frame` computes with."""

    pack: str  # "name-version"
    detector: FaceDetector
    recogniser: Recogniser
    alignment: Alignment  # of the recogniser
