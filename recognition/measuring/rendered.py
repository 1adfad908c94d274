"""What would a camera have seen of this person? Frames of a passage, rendered from one still.

A walker comes nearer under changing light, turned a little, smeared by the walk, out of focus, grainy and compressed.
What a still cannot give is left out: other expressions, and the other side of the face. Rendered frames are therefore
more alike than those of a real passage, which is the harder case for whoever hopes that frames differ by chance.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.picture import write_jpeg
from recognition.pipeline.types import Face, Image

FRAMES = 10  # two seconds at five frames per second
SURROUNDINGS = 2.5  # sides of the face shown in a frame

# The walk, from about ten metres to two before a camera of 1280 pixels across.
FARTHEST, NEAREST = (40.0, 70.0), (140.0, 200.0)  # pixels, the side of the face
PACE_JITTER = 0.03  # of the face's side: head bobbing, and no two boxes of a detector are alike
SHIFT = 0.15  # standard deviation, in sides of the face

# A passage has its own camera and light, and each frame departs from them. Standard deviations, unless a range.
LIGHT, LIGHT_CHANGE = 0.30, 0.10  # of the logarithm of the brightness
SIDE_LIGHT, SIDE_LIGHT_CHANGE = 0.20, 0.08  # brightness gained at one edge of the face and lost at the other
BALANCE, BALANCE_CHANGE = 0.06, 0.02  # of the logarithm of each colour
TURN, TURN_CHANGE = 4.0, 3.0  # degrees
DEFOCUS, DEFOCUS_CHANGE = (0.3, 1.3), 0.3  # pixels, sigma of a Gaussian; its change is a mean of what is added
MOTION = 0.025  # mean length of the smear in sides of the face: 0.5 m/s at 1/100 s to a quick turn of the head
NOISE = (2.0, 7.0)  # grey levels
JPEG = (50, 90)  # frames are not accepted below 30, see docs/accuracy.md


@dataclass(frozen=True, slots=True)
class Shot:
    """How one frame was taken."""

    face: float  # pixels, the side of the face in the frame
    shift: tuple[float, float] = (0.0, 0.0)  # of the face from the middle of the frame, in sides of the face
    turn: float = 0.0  # degrees in the plane of the picture, anticlockwise
    light: float = 1.0  # factor on brightness
    side_light: float = 0.0  # what is added to `light` at the face's right edge and taken from it at the left
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)  # factors on red, green and blue
    defocus: float = 0.0  # pixels, sigma of a Gaussian
    motion: float = 0.0  # pixels, the length of the smear
    direction: float = 0.0  # degrees, of the smear
    noise: float = 0.0  # standard deviation in grey levels
    jpeg: int = 95


def shots(rng: np.random.Generator, *, frames: int = FRAMES) -> list[Shot]:
    """How the frames of one passage were taken: drawn anew for each, around what its camera and light are like."""
    far, near = rng.uniform(*FARTHEST), rng.uniform(*NEAREST)
    sides = far * (near / far) ** np.linspace(0, 1, frames) * np.exp(rng.normal(0, PACE_JITTER, frames))
    light, side_light, turn = rng.normal(0, LIGHT), rng.normal(0, SIDE_LIGHT), rng.normal(0, TURN)
    balance = rng.normal(0, BALANCE, 3)
    defocus, noise, jpeg = rng.uniform(*DEFOCUS), rng.uniform(*NOISE), int(rng.integers(*JPEG))
    return [
        Shot(
            face=float(side),
            shift=_pair(rng.normal(0, SHIFT, 2)),
            turn=float(turn + rng.normal(0, TURN_CHANGE)),
            light=float(np.exp(light + rng.normal(0, LIGHT_CHANGE))),
            side_light=float(side_light + rng.normal(0, SIDE_LIGHT_CHANGE)),
            balance=_triple(np.exp(balance + rng.normal(0, BALANCE_CHANGE, 3))),
            defocus=float(defocus + rng.exponential(DEFOCUS_CHANGE)),
            motion=float(side * rng.exponential(MOTION)),
            direction=float(rng.uniform(0, 180)),
            noise=float(noise),
            jpeg=jpeg,
        )
        for side in sides
    ]


def render(still: Image, face: Face, shot: Shot, rng: np.random.Generator) -> bytes:
    """The JPEG of a square frame around `face`, as `shot` says it was taken. `rng` makes the noise alone.

    In the order of nature: light falls on the face, the lens places and blurs it, the sensor adds noise, the camera
    compresses. A still that is shrunk is blurred first, as pixels that see an area are.
    """
    frame = _placed(_lit(still, face, shot), face, shot)
    if shot.defocus > 0:
        frame = _floats(cv2.GaussianBlur(frame, (0, 0), shot.defocus))
    if shot.motion > 1:
        frame = _floats(cv2.filter2D(frame, -1, smear(shot.motion, shot.direction), borderType=cv2.BORDER_REPLICATE))
    noisy = frame + rng.normal(0, shot.noise, frame.shape)
    return write_jpeg(np.clip(np.rint(noisy), 0, 255).astype(np.uint8), quality=shot.jpeg)


def smear(length: float, direction: float) -> NDArray[np.float32]:
    """The kernel, of sum one, of a point that moves `length` pixels in `direction` (degrees) while a frame is taken."""
    half = int(np.ceil(length / 2))
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float64)
    along = np.linspace(-length / 2, length / 2, 8 * half + 1)
    x, y = half + along * np.cos(np.radians(direction)), half + along * np.sin(np.radians(direction))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for dx, dy in ((0, 0), (0, 1), (1, 0), (1, 1)):  # each point shared among the four pixels around it
        share = np.abs(1 - dx - (x - left)) * np.abs(1 - dy - (y - top))
        inside = (left + dx < kernel.shape[1]) & (top + dy < kernel.shape[0])
        np.add.at(kernel, (top[inside] + dy, left[inside] + dx), share[inside])
    return (kernel / kernel.sum()).astype(np.float32)


def _lit(still: Image, face: Face, shot: Shot) -> NDArray[np.float32]:
    x, _, width, _ = face.xywh
    across = np.clip((np.arange(still.shape[1]) - x - width / 2) / (width / 2), -1, 1)
    gain = np.clip(shot.light * (1 + shot.side_light * across), 0, None)
    return _floats(still * gain[np.newaxis, :, np.newaxis] * np.array(shot.balance))


def _placed(still: NDArray[np.float32], face: Face, shot: Shot) -> NDArray[np.float32]:
    """The still scaled, turned and moved; beyond its edge the last pixels are repeated."""
    x, y, width, height = face.xywh
    scale, side = shot.face / float(np.sqrt(width * height)), round(SURROUNDINGS * shot.face)
    matrix = cv2.getRotationMatrix2D((x + width / 2, y + height / 2), shot.turn, scale)
    matrix[0, 2] += side / 2 + shot.shift[0] * shot.face - (x + width / 2)
    matrix[1, 2] += side / 2 + shot.shift[1] * shot.face - (y + height / 2)
    if scale < 1:
        still = _floats(cv2.GaussianBlur(still, (0, 0), 0.5 * np.sqrt(1 / scale**2 - 1) + 1e-3))
    return _floats(cv2.warpAffine(still, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _floats(values: np.ndarray) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
