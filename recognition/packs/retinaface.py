"""RetinaFace (Deng and others, 2019, ResNet-50) in ONNX Runtime; its outputs are read as the package retina-face does.

The package enlarges every picture until its shorter side has 1,024 px. Here a picture is looked at in the size in which
the smallest face asked for has 32 px, never larger than the package makes it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.types import Face, Image

from .errors import DamagedSource
from .sessions import open_session

SCORE, OVERLAP = 0.9, 0.4
SHORTER_SIDE, LONGER_SIDE = 1024, 1980  # pixels, the package's sizes
FACE_SIDE = 32  # pixels: twice the side of its smallest anchor
OUTPUTS = 9  # probabilities, boxes and points for each of three strides

# Two squares stand on each cell of a level; their corners for the cell in the upper left.
ANCHORS = {
    32: np.array([(-248, -248, 263, 263), (-120, -120, 135, 135)], np.float64),
    16: np.array([(-56, -56, 71, 71), (-24, -24, 39, 39)], np.float64),
    8: np.array([(-8, -8, 23, 23), (0, 0, 15, 15)], np.float64),
}

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    boxes: Values  # (n, 4) x1, y1, x2, y2
    points: Values  # (n, 5, 2)
    scores: Values  # (n,)


class RetinaFace:
    """A FaceDetector."""

    def __init__(self, model: bytes, *, file: str) -> None:
        """DamagedSource where `model`, the content of `file`, is not RetinaFace."""
        try:
            self._session = open_session(model)
            self._input = self._session.get_inputs()[0].name
            outputs = len(self._session.get_outputs())
            if outputs == OUTPUTS:
                self.detect(np.zeros((64, 64, 3), np.uint8), FACE_SIDE)
        except Exception as error:  # ONNX Runtime has one class for each of its many reasons
            raise DamagedSource(f"{file} is not RetinaFace: {error}") from error
        if outputs != OUTPUTS:
            raise DamagedSource(f"{file} is not RetinaFace: it has {outputs} outputs, not {OUTPUTS}.")

    def detect(self, image: Image, min_face: int) -> list[Face]:
        """Faces whose longer side is at least `min_face` px of this image, best score first."""
        scale = min(_package_scale(image), FACE_SIDE / min_face)
        seen = image if scale == 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
        outputs = self._session.run(None, {self._input: np.ascontiguousarray(seen, np.float32)[None]})
        levels = [_level(stride, *outputs[3 * i : 3 * i + 3]) for i, stride in enumerate(ANCHORS)]
        boxes = np.concatenate([level.boxes for level in levels])
        points = np.concatenate([level.points for level in levels])
        scores = np.concatenate([level.scores for level in levels])
        limits = np.array([seen.shape[1], seen.shape[0]] * 2) - 1.0
        boxes, points = np.clip(boxes, 0, limits) / scale, points / scale
        faces = [_face(boxes[i], points[i], scores[i]) for i in _kept(boxes, scores)]
        return [face for face in faces if face.box[2:].max() >= min_face]


def _package_scale(image: Image) -> float:
    shorter, longer = sorted(image.shape[:2])
    scale = SHORTER_SIDE / shorter
    return LONGER_SIDE / longer if round(scale * longer) > LONGER_SIDE else scale


def _level(stride: int, probabilities: Values, deltas: Values, landmarks: Values) -> _Found:
    """Those of one level that are over the threshold. Each input is (1, rows, columns, values of two anchors)."""
    _, rows, columns, _ = probabilities.shape
    scores = probabilities[0, :, :, 2:].reshape(-1)  # the first two are of there being no face
    good = np.flatnonzero(scores >= SCORE)
    corner = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1) * stride  # (rows, columns, 2): x, y
    anchors = (np.tile(corner, 2)[:, :, None] + ANCHORS[stride]).reshape(-1, 4)[good]
    size = anchors[:, 2:] - anchors[:, :2] + 1
    centre = anchors[:, :2] + (size - 1) / 2
    delta = deltas.reshape(-1, 4)[good].astype(np.float64)
    middle, half = delta[:, :2] * size + centre, (np.exp(delta[:, 2:]) * size - 1) / 2
    points = landmarks.reshape(-1, 5, 2)[good] * size[:, None] + centre[:, None]
    return _Found(np.hstack([middle - half, middle + half]), points, scores[good].astype(np.float64))


def _kept(boxes: Values, scores: Values) -> list[int]:
    """Indices, best first, of the boxes that none kept before covers; corners count as pixels, as in the package."""
    area = np.prod(boxes[:, 2:] - boxes[:, :2] + 1, axis=1)
    waiting, kept = np.argsort(-scores, kind="stable"), []
    while len(waiting):
        best, rest = waiting[0], waiting[1:]
        kept.append(int(best))
        overlap = np.minimum(boxes[best, 2:], boxes[rest, 2:]) - np.maximum(boxes[best, :2], boxes[rest, :2]) + 1
        shared = np.prod(np.maximum(overlap, 0), axis=1)
        waiting = rest[shared / (area[best] + area[rest] - shared) < OVERLAP]
    return kept


def _face(box: Values, points: Values, score: float) -> Face:
    corners = np.concatenate([box[:2], box[2:] - box[:2]])
    return Face(box=corners.astype(np.float32), landmarks=points.astype(np.float32), score=float(score))
