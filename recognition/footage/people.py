"""Who walks by? Two public figures, cut out of photographs that come with packages; United States government works."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

FEATHER = 1.6  # pixels of softness along the outline

Outline = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph inside an installed package, and the outline of the person in its pixels."""

    person: str
    package: str
    file: str
    outline: Outline

    def path(self) -> Path:
        """Where it is on this machine; found without importing the package, which would take seconds."""
        try:
            held = files(self.package) or []
        except PackageNotFoundError:
            held = []
        for entry in held:
            if entry.name == self.file:
                return Path(str(entry.locate()))
        raise FileNotFoundError(f"{self.file} is not in the installed package {self.package}. Install it again.")


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A person without background: colour already multiplied by `alpha`, so that warping leaves no dark seam."""

    colour: NDArray[np.float32]  # (height, width, 3) RGB, 0 to 255
    alpha: NDArray[np.float32]  # (height, width), 0 to 1


COLLINS = Photograph(
    "Eileen Collins",
    "scikit-image",
    "astronaut.png",
    (
        *((190, 23), (225, 15), (262, 21), (287, 43), (299, 75), (296, 105), (283, 127), (274, 140), (268, 158)),
        *((262, 172), (285, 190), (302, 222), (306, 245), (326, 253), (345, 269), (357, 300), (361, 345), (395, 344)),
        *((440, 356), (478, 392), (494, 430), (503, 480), (506, 511), (26, 511), (23, 440), (21, 400), (29, 350)),
        *((39, 300), (51, 264), (76, 242), (100, 224), (116, 212), (113, 195), (121, 172), (145, 154), (182, 150)),
        *((185, 140), (181, 125), (172, 117), (159, 105), (155, 85), (159, 62), (172, 41)),
    ),
)
HOPPER = Photograph(
    "Grace Hopper",
    "matplotlib",
    "grace_hopper.jpg",
    (
        *((177, 76), (179, 59), (200, 37), (235, 25), (275, 24), (310, 37), (339, 56), (353, 79), (354, 90)),
        *((369, 94), (370, 130), (369, 165), (367, 182), (375, 200), (369, 230), (357, 262), (351, 285), (342, 302)),
        *((331, 308), (331, 319), (352, 336), (400, 356), (455, 373), (484, 389), (497, 410), (504, 445), (506, 599)),
        *((14, 599), (19, 520), (26, 450), (41, 396), (70, 376), (130, 353), (180, 331), (203, 317), (201, 301)),
        *((186, 289), (167, 271), (160, 240), (154, 205), (159, 186), (151, 175), (147, 150), (148, 110), (154, 96)),
        *((175, 85),),
    ),
)


def cut_out(photograph: Photograph) -> Cutout:
    """The person along her outline, a little soft at the edge."""
    image = cv2.imread(str(photograph.path()), cv2.IMREAD_COLOR_RGB)
    if image is None:
        raise FileNotFoundError(f"{photograph.path()} cannot be read as an image.")
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.array(photograph.outline, np.int32)], 255, lineType=cv2.LINE_AA)
    alpha = np.divide(cv2.GaussianBlur(mask, (0, 0), FEATHER), 255, dtype=np.float32)
    alpha[0], alpha[:, 0], alpha[:, -1] = 0, 0, 0  # else the warp would smear the border
    return Cutout(np.multiply(image, alpha[..., np.newaxis], dtype=np.float32), alpha)
