"""Does DeepFace agree that two pictures show one person? A second alignment of the same faces, by its own rules.

With a pack of one recogniser this is a second look, not an independent opinion: what it removes is in
`Pack.verification`, measured by `manage.py evaluate DIR --verify`.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from recognition.pipeline.types import Image

from .registry import Pack


class Reason(StrEnum):
    COMPARED = "compared"
    NO_FACE_IN_PROBE = "no-face-in-probe"
    NO_FACE_IN_REFERENCE = "no-face-in-reference"


@dataclass(frozen=True, slots=True)
class Verification:
    """What DeepFace said. Without a face in one of the pictures there is no distance and nothing is verified."""

    distance: float | None  # cosine, 0 same direction to 2 opposite
    threshold: float
    verified: bool
    model: str
    detector: str
    reason: Reason


def verify(probe: Image, reference: Image, *, pack: Pack, threshold: float | None = None) -> Verification:
    """Compare a probe's crop with a reference image, both (height, width, 3) RGB, by DeepFace.verify.

    The threshold is the pack's own, calibrated on DeepFace's alignment, unless the caller gives one; NotMeasured where
    there is neither, since DeepFace's built-in table is never asked. Where a picture shows several faces, the nearest
    pair counts. Writes nothing to disk. `register_with_deepface` must have been called in this process.
    """
    limit = pack.verifies_at() if threshold is None else threshold
    # Imported here: it takes most of a second and, on TensorFlow, ten; processes that never verify do without.
    from deepface import DeepFace
    from deepface.modules.exceptions import FaceNotDetected, ImgNotFound

    try:
        answer = DeepFace.verify(
            img1_path=_bgr(probe),
            img2_path=_bgr(reference),
            model_name=pack.recogniser,
            detector_backend=pack.detector,
            distance_metric="cosine",
            enforce_detection=True,
            align=True,
            silent=True,
            threshold=limit,
        )
    except ValueError as error:
        if not isinstance(error.__cause__, FaceNotDetected | ImgNotFound):
            raise
        reason = Reason.NO_FACE_IN_PROBE if "img1_path" in str(error) else Reason.NO_FACE_IN_REFERENCE
        return Verification(None, limit, verified=False, model=pack.recogniser, detector=pack.detector, reason=reason)
    return Verification(
        distance=float(answer["distance"]),
        threshold=limit,
        verified=bool(answer["verified"]),
        model=pack.recogniser,
        detector=pack.detector,
        reason=Reason.COMPARED,
    )


def _bgr(image: Image) -> Image:
    return np.ascontiguousarray(image[:, :, ::-1])
