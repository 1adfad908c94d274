"""The pack behind DeepFace's own interfaces, so that every DeepFace call of this process runs on its networks.

DeepFace builds models by name, with no arguments, and keeps each it has built; a pack's are put where it keeps them.
`forward` is the plain network on one chip: templates and closer looks belong to the pipeline, not here.
"""

import os
from typing import Any

import numpy as np
from deepface.models.Detector import Detector, FacialAreaRegion
from deepface.models.FacialRecognition import FacialRecognition
from deepface.modules import modeling
from numpy.typing import NDArray

from recognition.pipeline.interfaces import Engine, FaceDetector

from .registry import Pack

BACKEND_VARIABLE = "DEEPFACE_BACKEND_ENGINE"
SMALLEST_FACE = 20  # pixels, as DeepFace's own MTCNN


def register_with_deepface(engine: Engine, pack: Pack) -> None:
    """Let DeepFace's two names of `pack` stand for `engine`, and let go of the engine entered before.

    DeepFace runs on ONNX Runtime unless DEEPFACE_BACKEND_ENGINE said otherwise before: left to itself it would import
    TensorFlow, ten seconds and 600 MB, for models it is not asked for.
    """
    os.environ.setdefault(BACKEND_VARIABLE, "onnx")
    built = vars(modeling).setdefault("cached_models", {task: {} for task in modeling.AVAILABLE_MODELS})
    for models in built.values():
        for name in [name for name, model in models.items() if isinstance(model, PackDetector | PackRecognition)]:
            del models[name]  # else DeepFace would keep in memory what nobody else holds any more
    built["face_detector"][pack.detector] = PackDetector(engine.detector)
    built["facial_recognition"][pack.recogniser] = PackRecognition(engine, pack.recogniser)


class PackDetector(Detector):
    """What DeepFace takes for its `mtcnn`, or another detector."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector

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
    """What DeepFace takes for its `Dlib`, or another recogniser."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.model = engine.recogniser
        self.model_name = name
        self.input_shape = (engine.alignment.side, engine.alignment.side)
        self.output_shape = self.model.outputs

    def forward(self, img: NDArray[Any]) -> list[float] | list[list[float]]:
        """One BGR chip or a batch, 0 to 1 or 0 to 255, to the network's output: a list, or a list of lists."""
        chips = img[None] if img.ndim == 3 else img
        if chips.shape[1:] != (*self.input_shape, 3):
            raise ValueError(f"Chips must be (n, {self.input_shape[0]}, {self.input_shape[1]}, 3), not {chips.shape}.")
        if chips.max() <= 1:
            chips = chips * 255
        # Rounded: of a byte that went through 0 to 1 in float32, cutting off would now and then take one.
        outputs = self.model.embed(np.rint(chips[..., ::-1]).astype(np.uint8)).tolist()
        return outputs[0] if len(outputs) == 1 else outputs


def _point(landmark: NDArray[np.float32]) -> tuple[int, int]:
    return round(float(landmark[0])), round(float(landmark[1]))
