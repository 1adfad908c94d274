"""1280x720 passages of 60 frames before one camera: one walker who comes near, and a crowd; the same on every machine.

The people are those of the sample footage, cut out of photographs in the public domain and not enlarged, but for the
last steps of the walker, whose face grows from 60 px to 250 px, a fifth more than photographed.
"""

from enum import StrEnum

import numpy as np

from benchmarks.passers import GRAIN, JPEG_QUALITY, street
from recognition.footage.people import COLLINS, HOPPER, Photograph, cut_out
from recognition.footage.scene import Moment, Walk, draw
from recognition.pipeline.picture import write_jpeg

FRAMES = 60
FPS = 10  # a passage of six seconds
FACES = {HOPPER: (265, 215), COLLINS: (225, 120)}  # their centres in the photographs


class Passage(StrEnum):
    WALKER = "walker"
    CROWD = "crowd"


def _walk(photograph: Photograph, *moments: tuple[float, float, float, float]) -> Walk:
    return Walk(photograph, FACES[photograph], 3.0, tuple(Moment(*moment, light=1, blur=0) for moment in moments))


# Second, x and y of the face, scale of the photograph; who is further away is drawn first.
WALKS = {
    Passage.WALKER: (_walk(HOPPER, (0, 420, 210, 0.29), (3, 560, 260, 0.60), (6, 700, 330, 1.18)),),
    Passage.CROWD: (
        _walk(COLLINS, (0, 1180, 170, 0.62), (6, 300, 180, 0.66)),
        _walk(HOPPER, (0, 180, 200, 0.36), (6, 900, 190, 0.40)),
        _walk(COLLINS, (0, 120, 330, 0.80), (6, 640, 330, 0.95)),
        _walk(HOPPER, (0, 700, 330, 0.50), (6, 620, 380, 0.80)),
        _walk(HOPPER, (0.5, 1340, 420, 0.70), (6, 980, 400, 0.90)),
        _walk(COLLINS, (1, -90, 470, 1.00), (6, 330, 460, 1.00)),
    ),
}


def jpegs(passage: Passage) -> list[bytes]:
    """The frames of a passage as a camera sends them."""
    random = np.random.default_rng(0)
    pavement, cutouts, frames = street(random), {who: cut_out(who) for who in FACES}, []
    for number in range(FRAMES):
        canvas = pavement.copy()
        for walk in WALKS[passage]:
            if moment := walk.at(number / FPS):
                draw(canvas, cutouts[walk.photograph], walk, moment)
        noisy = canvas + random.normal(0, GRAIN, canvas.shape).astype(np.float32)
        frames.append(write_jpeg(noisy.clip(0, 255).astype(np.uint8), quality=JPEG_QUALITY))
    return frames
