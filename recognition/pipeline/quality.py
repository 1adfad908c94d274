"""Is this face good enough to compare? Measures named after ISO/IEC 29794-5, and the limits each use sets.

Where the limits come from: benchmarks/degraded.py, second images of 220 people of LFW made worse, at the threshold of
FPIR 1 % with 250 listed. Undegraded 75 % are recognised. With 20 px between the eyes 71 %, 16: 71 %, 12: 53 %. Gaussian
blur of 2 px (median sharpness 4.3) 53 %, of 3 px (2.4) 22 %. Smeared sideways by 9 px (4.6) 42 %, by 15 px (2.9) 11 %.
Darkened to a mean of 29: 68 %, to 17: 55 %, and a third is not even found; brightened to 180: 58 %, to 201: 33 %.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.types import Image, Quality, QualityLimits

ENROLMENT = QualityLimits(inter_eye=24.0, sharpness=5.0, exposure=(40.0, 190.0), yaw=0.75)
LIVE = QualityLimits(inter_eye=14.0, sharpness=2.5, exposure=(20.0, 205.0), yaw=0.9)

USUAL_EXPOSURE = 118.0  # mean of LFW
SECOND_DIFFERENCE = np.array([[1, -2, 1]], np.float32)

# Where each measure is worth nothing and where more of it gains nothing; sharpness counts by its logarithm.
INTER_EYE_RANGE = (8.0, 32.0)
SHARPNESS_RANGE = (1.5, 10.0)
DARK_RANGE = (10.0, 45.0)
BRIGHT_RANGE = (220.0, 160.0)
YAW_RANGE = (1.0, 0.4)


def measure(chip: Image, landmarks: NDArray[np.float32], *, limits: QualityLimits) -> Quality:
    """The measures of a face from its aligned chip and its landmarks (5, 2) in the picture, held against `limits`.

    `value` is as good as the worst measure: a sharp face in profile is no better than its pose.
    """
    grey = np.asarray(cv2.cvtColor(chip, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    inter_eye = float(np.linalg.norm(landmarks[1] - landmarks[0]))
    exposure = float(grey.mean())
    sharpness = _sharpness(grey, exposure)
    turned = yaw(landmarks)
    value = min(
        _ramp(inter_eye, INTER_EYE_RANGE),
        _ramp(np.log(max(sharpness, 1e-6)), (np.log(SHARPNESS_RANGE[0]), np.log(SHARPNESS_RANGE[1]))),
        _ramp(exposure, DARK_RANGE),
        _ramp(exposure, BRIGHT_RANGE),
        _ramp(turned, YAW_RANGE),
    )
    met = {
        "too_small": inter_eye >= limits.inter_eye,
        "too_blurred": sharpness >= limits.sharpness,
        "too_dark": exposure >= limits.exposure[0],
        "too_bright": exposure <= limits.exposure[1],
        "turned_away": turned <= limits.yaw,
    }
    return Quality(inter_eye, sharpness, exposure, turned, value, tuple(code for code, good in met.items() if not good))


def _sharpness(grey: NDArray[np.uint8], exposure: float) -> float:
    gain = USUAL_EXPOSURE / max(exposure, 1.0)  # else a dark face would be called blurred
    along, across = (
        cv2.filter2D(grey, cv2.CV_32F, kernel).var() for kernel in (SECOND_DIFFERENCE, SECOND_DIFFERENCE.T)
    )
    return gain**2 * 2 * float(min(along, across))  # the lesser: a face smeared sideways keeps its other edges


def yaw(landmarks: NDArray[np.float32]) -> float:
    """0 where the nose stands midway between the eyes, 1 where it reaches one of them or passes it."""
    left, right, nose = landmarks[0], landmarks[1], landmarks[2]
    line = right - left
    along = float((nose - left) @ line / max(float(line @ line), 1e-9))
    return min(1.0, abs(2 * along - 1))


def explain(quality: Quality, limits: QualityLimits) -> list[str]:
    """A sentence per shortfall: what was measured, what is required, what would help."""
    dark, bright = limits.exposure
    sentences = {
        "too_small": f"The face is too small: {quality.inter_eye:.0f} pixels between the eyes, "
        f"at least {limits.inter_eye:.0f} are required. Upload a larger version.",
        "too_blurred": f"The face is too blurred: sharpness {quality.sharpness:.1f}, "
        f"at least {limits.sharpness:.1f} is required. Upload a sharper picture.",
        "too_dark": f"The face is too dark: mean brightness {quality.exposure:.0f} of 255, "
        f"at least {dark:.0f} is required. Upload a better lit picture.",
        "too_bright": f"The face is too bright: mean brightness {quality.exposure:.0f} of 255, "
        f"at most {bright:.0f} is allowed. Upload a picture that is not overexposed.",
        "turned_away": f"The face is turned away: {quality.yaw:.2f} on a scale from 0 (frontal) to 1 (profile), "
        f"at most {limits.yaw:.2f} is allowed. Upload a picture seen from the front.",
    }
    return [sentences[code] for code in quality.shortfalls]


def _ramp(value: float, worthless_to_full: tuple[float, float]) -> float:
    low, high = worthless_to_full
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))
