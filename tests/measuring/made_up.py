"""People made of random numbers, whose answer is known beforehand."""

import numpy as np

from recognition.measuring.photographs import Photograph
from recognition.pipeline.embed import unit
from recognition.pipeline.types import Quality

GOOD = Quality(inter_eye=40, sharpness=50, exposure=120, yaw=0, value=1.0)


def people(spread: float, *, count: int = 300, images: int = 4, seed: int = 0) -> list[Photograph]:
    """Photographs scattered around their person; all alike if `spread` is small, chance if huge."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(rng.normal(size=(count, 32)), images, axis=0)
    templates = unit((centres + spread * rng.normal(size=centres.shape)).astype(np.float32))
    return [Photograph(row // images, template, template, GOOD) for row, template in enumerate(templates)]


def photographs(*templates: tuple[int, list[float]]) -> list[Photograph]:
    """(person, direction) each, of good quality."""
    seen = [(person, unit(np.array([direction], np.float32))[0]) for person, direction in templates]
    return [Photograph(person, template, template, GOOD) for person, template in seen]
