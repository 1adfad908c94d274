"""How good is this face for comparing? Measures named after ISO/IEC 29794-5, from five landmarks and the pixels.

They are simpler than the standard's own algorithms, which want a hundred landmarks and a map of the parts of the face.
What each is worth on labelled photographs stands in docs/quality.md.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.align import CHIP_SIDE, CHIP_TEMPLATE, similarity
from recognition.pipeline.limits import LIMITS
from recognition.pipeline.types import Image, Quality, QualityLimits

Grey = NDArray[np.uint8]  # (height, width)
Points = NDArray[np.float32]  # (5, 2), as `Face.landmarks`

USUAL_EXPOSURE = 118.0  # mean of LFW
SECOND_DIFFERENCE = np.array([[1, -2, 1]], np.float32)
NOISE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)  # blind to edges and slopes; sums squares to 36

# Where things are in the aligned chip of 150 x 150, rows and columns.
FACE = np.s_[20:135, 25:125]
HALVES = (np.s_[20:135, 25:75], np.s_[20:135, 75:125])
EYES = (np.s_[40:56, 34:62], np.s_[40:56, 90:118])
MOUTH = np.s_[96:118, 48:104]
PATCHED, PATCHES = np.s_[20:130, 25:125], (10, 11)  # of 10 x 10 pixels each

WASHED_OUT = 247  # grey value, as the standard's over-exposure prevention has it
NOSE_LEVEL = 0.54  # of the way from the eyes to the mouth: median of LFW
BLOCK = 8  # pixels, of JPEG
WINDOW = 128  # pixels of the picture in which blocks are looked for
FAINTEST_STEP = 0.05  # grey values: below, the picture is blank


def measure(image: Image, landmarks: Points, *, limits: QualityLimits) -> Quality:
    """The measures of the face with these landmarks in `image`, held against `limits`.

    Always on dlib's chip of 150 x 150, whatever chip the recogniser reads, so that one table of limits fits every pack.
    """
    grey = _chip(image, landmarks)
    tones = np.cumsum(cv2.calcHist([grey[FACE]], [0], None, [256], [0, 256])) / grey[FACE].size
    exposure, spread = _mean_and_spread(grey[FACE])
    gain = USUAL_EXPOSURE / max(exposure, 1.0)  # else a dark face would be called blurred, and its noise overlooked
    halves = [_mean_and_spread(grey[half]) for half in HALVES]
    means = sorted(mean for mean, _ in halves)
    quality = Quality(
        inter_eye=float(np.linalg.norm(landmarks[1] - landmarks[0])),
        sharpness=gain**2 * _sharpness(grey),
        exposure=exposure,
        yaw=yaw(landmarks),
        value=0.0,
        pitch=pitch(landmarks),
        roll=roll(landmarks),
        inside=inside(image, landmarks),
        over_exposure=float(1 - tones[WASHED_OUT - 1]),
        contrast=float(np.searchsorted(tones, 0.95) - np.searchsorted(tones, 0.05)) / max(exposure, 1.0),
        uniformity=means[0] / max(means[1], 1.0),
        noise=gain * _noise(grey),
        blockiness=_blockiness(image, landmarks),
        eyes=min(
            _mean_and_spread(grey[eye])[1] / max(around, 1.0) for eye, (_, around) in zip(EYES, halves, strict=True)
        ),
        mouth=_mean_and_spread(grey[MOUTH])[1] / max(spread, 1.0),
    )
    return _judged(quality, limits)


def _chip(image: Image, landmarks: Points) -> Grey:
    """The grey of `align`'s chip. Made grey first, as far as the chip reaches: a third of the cost."""
    matrix = similarity(landmarks, CHIP_TEMPLATE)
    corners = _footprint(matrix)
    last = (image.shape[1] - 1, image.shape[0] - 1)
    left, top = np.clip(np.floor(corners.min(axis=0)) - 1, 0, last).astype(int).tolist()
    right, bottom = np.maximum(np.ceil(corners.max(axis=0)) + 2, (left + 1, top + 1)).astype(int).tolist()
    grey = cv2.cvtColor(np.ascontiguousarray(image[top:bottom, left:right]), cv2.COLOR_RGB2GRAY)
    matrix[:, 2] += matrix[:, :2] @ (left, top)
    warped = cv2.warpAffine(grey, matrix, (CHIP_SIDE, CHIP_SIDE), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def _footprint(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4, 2): where the corners of the chip are in the picture."""
    back, side = cv2.invertAffineTransform(matrix), CHIP_SIDE
    chip = np.array([(0, 0), (side, 0), (side, side), (0, side)])
    return np.asarray(chip @ back[:, :2].T + back[:, 2], dtype=np.float64)


def _judged(quality: Quality, limits: QualityLimits) -> Quality:
    """With its value, as good as the worst measure: a sharp face in profile is no better than its pose."""
    worth = {limit.code: limit.worth(quality) for limit in LIMITS}
    failed = [
        limit.code
        for limit in LIMITS
        if limit.code in limits.bounds and not limit.met(limit.of(quality), limits.bounds[limit.code])
    ]
    return replace(quality, value=min(worth.values()), shortfalls=tuple(sorted(failed, key=lambda code: worth[code])))


def yaw(landmarks: Points) -> float:
    """0 where the nose stands midway between the eyes, 1 where it reaches one of them or passes it."""
    return min(1.0, abs(2 * _along(landmarks[2], landmarks[0], landmarks[1]) - 1))


def pitch(landmarks: Points) -> float:
    """0 where the nose is as far down from the eyes to the mouth as most people's, 1 where half the way off."""
    eyes, mouth = landmarks[:2].mean(axis=0), landmarks[3:].mean(axis=0)
    return min(1.0, abs(2 * (_along(landmarks[2], eyes, mouth) - NOSE_LEVEL)))


def roll(landmarks: Points) -> float:
    """Degrees between the line of the eyes and the horizontal, 0 to 180."""
    across, down = landmarks[1] - landmarks[0]
    return abs(float(np.degrees(np.arctan2(down, across))))


def inside(image: Image, landmarks: Points) -> float:
    """The share of the aligned face that the picture holds: 1 where it is not cut by an edge."""
    chip = _footprint(similarity(landmarks, CHIP_TEMPLATE)).astype(np.float32)
    height, width = image.shape[:2]
    if chip.min() >= 0 and chip[:, 0].max() <= width and chip[:, 1].max() <= height:
        return 1.0
    picture = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    shared, _ = cv2.intersectConvexConvex(chip, picture)
    return min(1.0, float(shared) / max(cv2.contourArea(chip), 1e-9))


def _along(point: NDArray[np.float32], start: NDArray[np.float32], end: NDArray[np.float32]) -> float:
    """How far the point is on the way from start to end: 0 at the start, 1 at the end."""
    way = end - start
    return float((point - start) @ way / max(float(way @ way), 1e-9))


def _mean_and_spread(region: NDArray[np.integer | np.floating]) -> tuple[float, float]:
    mean, spread = cv2.meanStdDev(region)
    return float(mean[0, 0]), float(spread[0, 0])


def _sharpness(grey: Grey) -> float:
    kernels = (SECOND_DIFFERENCE, SECOND_DIFFERENCE.T)
    along, across = (_mean_and_spread(cv2.filter2D(grey, cv2.CV_32F, kernel))[1] ** 2 for kernel in kernels)
    return 2 * min(along, across)  # the lesser: a face smeared sideways keeps its other edges


def _noise(grey: Grey) -> float:
    """Standard deviation of the noise (J. Immerkær, Fast Noise Variance Estimation, 1996) where the face is smoothest:
    wrinkles, hair and beards are fine structure too, noise is everywhere."""
    response = np.abs(cv2.filter2D(grey, cv2.CV_32F, NOISE))[PATCHED]
    patches = cv2.resize(response, PATCHES, interpolation=cv2.INTER_AREA).ravel()
    smooth = len(patches) // 10
    return float(np.partition(patches, smooth)[smooth] * np.sqrt(np.pi / 2) / 6)


def _blockiness(image: Image, landmarks: Points) -> float:
    """How much larger steps are between blocks of 8 pixels than beside them, along the less blocky axis.

    Seen where the picture still stands on the grid on which it was compressed, not where it was resized since. 1 where
    there are too few blocks to tell.
    """
    centre = landmarks.mean(axis=0)
    reach = min(1.6 * float(np.abs(landmarks - centre).max()), WINDOW / 2)
    left, top = np.maximum(centre - reach, 0).astype(int).tolist()
    right, bottom = np.ceil(centre + reach).astype(int).tolist()
    window = image[top:bottom, left:right]
    if min(window.shape[:2]) < 3 * BLOCK:
        return 1.0
    grey = cv2.cvtColor(np.ascontiguousarray(window), cv2.COLOR_RGB2GRAY)
    across = cv2.reduce(cv2.absdiff(grey[:, 1:], grey[:, :-1]), 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
    down = cv2.reduce(cv2.absdiff(grey[1:], grey[:-1]), 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
    return min(_steps_at_blocks(across.ravel(), left), _steps_at_blocks(down.ravel(), top))


def _steps_at_blocks(steps: NDArray[np.integer | np.floating], start: int) -> float:
    place = (np.arange(len(steps)) + start + 1) % BLOCK
    beside = steps[(place == 1) | (place == BLOCK - 1)].mean()
    return float(steps[place == 0].mean() / max(beside, FAINTEST_STEP))
