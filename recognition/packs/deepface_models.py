"""The pack behind DeepFace's own interfaces, so that every DeepFace call of this process runs on its networks.

DeepFace builds models by name, from a table of class paths, with no arguments; hence the one module-level engine.
`forward` is the plain network on one chip: unit length and mirror averaging belong to the pipeline, not here.
"""

import os
from typing import Any

import numpy as np
from deepface.models.Detector import Detector, FacialAreaRegion
from deepface.models.FacialRecognition import FacialRecognition
from deepface.modules import modeling
from numpy.typing import NDArray

from recognition.pipeline.align import CHIP_SIDE
from recognition.pipeline.types import Engine

from .registry import Pack

BACKEND_VARIABLE = "DEEPFACE_BACKEND_ENGINE"
SMALLEST_FACE = 20  # pixels, as DeepFace's own MTCNN

_engine: Engine | None = None


def register_with_deepface(engine: Engine, pack: Pack) -> None:
    """Enter `engine` in DeepFace's registry under the pack's two names. May be called again, also with another engine.

    DeepFace runs on ONNX Runtime unless DEEPFACE_BACKEND_ENGINE said otherwise before: left to itself it would import
    TensorFlow, ten seconds and 600 MB, for models it is not asked for.
    """
    global _engine
    os.environ.setdefault(BACKEND_VARIABLE, "onnx")
    _engine = engine
    for task, name, model in (
        ("face_detector", pack.detector, PackDetector),
        ("facial_recognition", pack.recogniser, PackRecognition),
    ):
        modeling.AVAILABLE_MODELS[task][name] = {modeling.ANY: f"{model.__module__}.{model.__qualname__}"}
        # What was built under this name before, DeepFace's own or one on an older engine, must not be served again.
        vars(modeling).get("cached_models", {}).get(task, {}).pop(name, None)


def _registered() -> Engine:
    if _engine is None:
        raise RuntimeError("Call register_with_deepface before DeepFace builds a model.")
    return _engine


class PackDetector(Detector):
    """DeepFace's `mtcnn`."""

    def __init__(self) -> None:
        self._detector = _registered().detector

    def detect_faces(self, img: NDArray[Any]) -> list[FacialAreaRegion]:
        """BGR image to faces; left and right are the person's own, as DeepFace has it, so the reverse of ours."""
        rgb = np.ascontiguousarray(img[:, :, ::-1], np.uint8)
        return [
            FacialAreaRegion(
                *(int(value) for value in np.round(face.box)),
                left_eye=_point(face.landmarks[1]),
                right_eye=_point(face.landmarks[0]),
                confidence=face.score,
            )
            for face in self._detector.detect(rgb, SMALLEST_FACE)
        ]


class PackRecognition(FacialRecognition):
    """DeepFace's `Dlib`."""

    def __init__(self) -> None:
        self.model = _registered().recogniser
        self.model_name = "Dlib"
        self.input_shape = (CHIP_SIDE, CHIP_SIDE)
        self.output_shape = self.model.dimension

    def forward(self, img: NDArray[Any]) -> list[float] | list[list[float]]:
        """One BGR chip or a batch, 0 to 1 or 0 to 255, to the network's output: a list, or a list of lists."""
        chips = img[None] if img.ndim == 3 else img
        if chips.shape[1:] != (*self.input_shape, 3):
            raise ValueError(f"Chips must be (n, {CHIP_SIDE}, {CHIP_SIDE}, 3), these are {chips.shape}.")
        if chips.max() <= 1:
            chips = chips * 255
        outputs = self.model.embed(chips[..., ::-1].astype(np.uint8)).tolist()
        return outputs[0] if len(outputs) == 1 else outputs


def _point(landmark: NDArray[np.float32]) -> tuple[int, int]:
    return round(float(landmark[0])), round(float(landmark[1]))
