"""1280x720 frames with faces, to load cameras with: two people of public-domain photographs walk by again and again."""

import cv2
import numpy as np

from recognition.footage.people import COLLINS, HOPPER, Cutout, cut_out
from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.types import Image

SIZE = (1280, 720)
CYCLE = 6.0  # seconds; the listed person is there in the first half, and then away for long enough to be a new passage
GRAIN = 2.0  # standard deviation of the sensor's noise, of 255
JPEG_QUALITY = 85


def cycle(fps: float) -> list[bytes]:
    """JPEG frames of one cycle; played in a ring, Hopper is always there and Collins in the first half."""
    collins, hopper = cut_out(COLLINS), cut_out(HOPPER)
    random = np.random.default_rng(0)
    background = street(random)
    count = round(CYCLE * fps)
    frames = []
    for number in range(count):
        through = number / count
        canvas = background.copy()
        _paste(canvas, hopper, x=760 + 160 * np.sin(2 * np.pi * through), scale=0.95)
        if through < 0.5:
            _paste(canvas, collins, x=60 + 640 * through, scale=1.0 + 0.3 * through)
        noisy = canvas + random.normal(0, GRAIN, canvas.shape).astype(np.float32)
        frames.append(write_jpeg(noisy.clip(0, 255).astype(np.uint8), quality=JPEG_QUALITY))
    return frames


def street(random: np.random.Generator) -> np.ndarray:
    """A street of sorts: blurred blocks of grey, so that a detector has edges to look at."""
    blocks = random.uniform(60, 180, (SIZE[1] // 40, SIZE[0] // 40, 1)) * np.array([1.0, 0.98, 0.95])
    wall: Image = cv2.resize(blocks.astype(np.float32), SIZE, interpolation=cv2.INTER_NEAREST)
    return cv2.GaussianBlur(wall, (0, 0), 2.0)


def _paste(canvas: np.ndarray, person: Cutout, *, x: float, scale: float) -> None:
    """The person with the left edge at `x`, standing on the lower edge."""
    height = person.alpha.shape[0]
    matrix = np.array([[scale, 0, x], [0, scale, SIZE[1] - scale * height]])
    colour = cv2.warpAffine(person.colour, matrix, SIZE, flags=cv2.INTER_LINEAR)
    alpha = cv2.warpAffine(person.alpha, matrix, SIZE, flags=cv2.INTER_LINEAR)
    canvas *= 1 - alpha[..., np.newaxis]
    canvas += colour
