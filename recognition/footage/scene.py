"""What does the sample footage show, second by second? Drawn frame by frame; the same frames on every machine."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.types import Image

from .people import COLLINS, HOPPER, Cutout, Photograph, cut_out

SIZE = (640, 360)
FPS = 10
SECONDS = 13.0
GRAIN = 1.5  # standard deviation of the sensor noise, of 255; more only swells the file


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a walker is at one time; between two moments everything changes evenly."""

    second: float
    x: float  # of the face, pixels from the left
    y: float  # of the face, pixels from the top
    scale: float  # of the photograph
    light: float  # factor on the brightness
    blur: float  # pixels


@dataclass(frozen=True, slots=True)
class Walk:
    photograph: Photograph
    face: tuple[int, int]  # centre of the face in the photograph
    sway: float  # degrees to either side
    moments: tuple[Moment, ...]

    def at(self, second: float) -> Moment | None:
        """The moment, or None where the walker has not come yet or is gone."""
        times = [moment.second for moment in self.moments]
        if not times[0] <= second <= times[-1]:
            return None

        def between(name: str) -> float:
            return float(np.interp(second, times, [getattr(moment, name) for moment in self.moments]))

        return Moment(second, *(between(name) for name in ("x", "y", "scale", "light", "blur")))


# The one who is listed comes first and near, so that a newcomer sees an alert soon; they pass each other at about 6 s.
WALKS = (
    Walk(
        HOPPER,
        face=(265, 215),
        sway=3.0,
        moments=(
            Moment(4.2, 760, 225, 0.42, 0.80, 1.2),
            Moment(5.5, 520, 215, 0.45, 0.95, 0.6),
            Moment(8.0, 350, 190, 0.55, 1.10, 0.0),
            Moment(10.0, 200, 185, 0.62, 0.90, 0.4),
            Moment(12.4, -180, 195, 0.66, 0.75, 1.0),
        ),
    ),
    Walk(
        COLLINS,
        face=(225, 120),
        sway=4.0,
        moments=(
            Moment(0.0, -60, 150, 0.72, 0.85, 1.0),
            Moment(1.2, 110, 152, 0.78, 1.00, 0.3),
            Moment(3.5, 270, 158, 0.92, 1.12, 0.0),
            Moment(5.5, 400, 165, 1.02, 0.90, 0.5),
            Moment(8.2, 800, 175, 1.10, 0.80, 1.2),
        ),
    ),
)


def frames() -> Iterator[Image]:
    """All frames in order, (360, 640, 3) RGB."""
    cutouts = {walk.photograph: cut_out(walk.photograph) for walk in WALKS}
    wall = _wall()
    rng = np.random.default_rng(0)
    grain = rng.normal(0, GRAIN, wall.shape).astype(np.float32)
    for number in range(int(SECONDS * FPS)):
        second = number / FPS
        canvas = wall.copy()
        for walk in WALKS:
            if moment := walk.at(second):
                draw(canvas, cutouts[walk.photograph], walk, moment)
        canvas += np.roll(grain, rng.integers(grain.size), axis=None)  # moved, not drawn anew: a tenth of the time
        yield canvas.clip(0, 255).astype(np.uint8)


def draw(canvas: NDArray[np.float32], cutout: Cutout, walk: Walk, moment: Moment) -> None:
    """Blend the walker into the canvas, (height, width, 3) RGB, turned and lifted by her step."""
    size = canvas.shape[1::-1]
    turn = walk.sway * np.sin(2 * np.pi * moment.second / 1.6)
    bounce = 4 * moment.scale * np.abs(np.sin(2 * np.pi * moment.second / 1.1))
    matrix = cv2.getRotationMatrix2D(walk.face, turn, moment.scale)
    matrix[:, 2] += np.array([moment.x - walk.face[0], moment.y - bounce - walk.face[1]])
    colour = cv2.warpAffine(cutout.colour, matrix, size, flags=cv2.INTER_LINEAR)
    alpha = cv2.warpAffine(cutout.alpha, matrix, size, flags=cv2.INTER_LINEAR)
    if moment.blur > 0.1:
        colour, alpha = (cv2.GaussianBlur(layer, (0, 0), moment.blur) for layer in (colour, alpha))
    canvas *= 1 - alpha[..., np.newaxis]
    canvas += colour * moment.light


def _wall() -> NDArray[np.float32]:
    """A plain passage: a wall lit from one side, its panels, and the floor."""
    width, height = SIZE
    across = np.linspace(0, 1, width, dtype=np.float32)[np.newaxis, :, np.newaxis]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, np.newaxis, np.newaxis]
    wall = np.array([186, 188, 186], np.float32) * (1.04 - 0.16 * (across - 0.45) ** 2 - 0.12 * down)
    floor_line = int(0.86 * height)
    wall[floor_line:] *= np.array([0.70, 0.68, 0.66], np.float32)
    for panel in range(80, width, 160):
        wall[:floor_line, panel : panel + 2] *= 0.90
    wall[floor_line - 10 : floor_line] *= 0.88
    return np.asarray(cv2.GaussianBlur(wall, (0, 0), 1.2), np.float32)
