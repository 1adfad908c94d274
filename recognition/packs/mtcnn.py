"""MTCNN: three networks, each asked only about what the one before could not rule out.

P-Net looks at the whole frame at several sizes and proposes squares, R-Net judges them at 24 px, O-Net at 48 px and
gives five landmarks. Thresholds, pyramid step and suppression are those of the package mtcnn, whose faces are found
again (tests/packs/test_detection_parity.py); what is faster is written in docs/engine.md.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recognition.pipeline.types import Face, Image

from .boxes import Boxes, Scores, best_of_overlapping, shifted, squared
from .crops import Pixels, crops
from .mtcnn_graphs import ONET_SIDE, RNET_SIDE
from .pyramid import Pyramid

STRIDE, CELL = 2, 12  # P-Net: one output cell per 2 px, each sees 12 px
SCALE_STEP = 0.709
LAST_PIXEL = 1  # the package counts a square from its first pixel to its last, and its width as one more
MOST_PROPOSALS = 1000  # of a frame; bounds time and memory where texture makes every cell a proposal


def _difference(probability: float) -> float:
    """The class difference whose logistic function is `probability`."""
    return float(np.log(probability / (1 - probability)))


PNET_LIMIT, RNET_LIMIT, ONET_LIMIT = _difference(0.6), _difference(0.7), _difference(0.8)


@dataclass(frozen=True, slots=True)
class Proposals:
    boxes: Boxes
    scores: Scores  # class differences


class Mtcnn:
    """A FaceDetector. Not safe for use by two threads at once."""

    def __init__(
        self,
        *,
        pnet: onnxruntime.InferenceSession,
        rnet: onnxruntime.InferenceSession,
        onet: onnxruntime.InferenceSession,
    ) -> None:
        self._pnet, self._rnet, self._onet = pnet, rnet, onet

    def detect(self, image: Image, min_face: int) -> list[Face]:
        """Faces whose longer side is about `min_face` px of this image or more, best score first."""
        if min_face < CELL:
            raise ValueError(f"min_face is {min_face}; MTCNN finds no face under {CELL} px.")
        pyramid = Pyramid(image)
        proposed = self._propose(pyramid, CELL / min_face)
        return self._output(pyramid.pixels, self._refine(pyramid.pixels, proposed))

    def detect_near(self, image: Image, boxes: NDArray[np.float32]) -> list[Face]:
        """The faces where `boxes`, (n, 4) x y width height, expect them, at most one for each; without the search.

        R-Net and O-Net judge a box that is expected as they judge a proposal, so that what is no face is refused.
        """
        expected = np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]]).astype(np.float32)
        proposed = Proposals(expected, np.zeros(len(boxes), np.float32))
        pixels = image.astype(np.float32)
        return self._output(pixels, self._refine(pixels, proposed))

    def warm(self) -> None:
        """Run every network once: ONNX Runtime plans its memory on the first run."""
        self._cells(np.zeros((2 * CELL, 2 * CELL, 3), np.float32))
        for network, side in ((self._rnet, RNET_SIDE), (self._onet, ONET_SIDE)):
            self._judge(network, np.zeros((1, side, side, 3), np.float32))

    def _propose(self, pyramid: Pyramid, scale: float) -> Proposals:
        boxes: list[Boxes] = []
        scores: list[Scores] = []
        levels: list[NDArray[np.float32]] = []
        while min(pyramid.height, pyramid.width) * scale >= CELL:
            found = self._cells(pyramid.at(scale))
            boxes.append(found.boxes / np.float32(scale))
            scores.append(found.scores)
            levels.append(np.full(len(found.scores), len(levels), np.float32))
            scale *= SCALE_STEP
        if not boxes:
            return Proposals(np.zeros((0, 4), np.float32), np.zeros(0, np.float32))
        box, score, level = np.concatenate(boxes), np.concatenate(scores), np.concatenate(levels)
        if len(score) > MOST_PROPOSALS:
            best = np.argpartition(-score, MOST_PROPOSALS)[:MOST_PROPOSALS]
            box, score, level = box[best], score[best], level[best]
        # First among the boxes of one level: moved apart by level, boxes of different levels cannot overlap.
        apart = box + level[:, None] * np.float32(4 * (pyramid.width + pyramid.height))
        kept = best_of_overlapping(apart, score, 0.5)
        box, score = box[kept], score[kept]
        kept = best_of_overlapping(box, score, 0.7)
        return Proposals(box[kept], score[kept])

    def _cells(self, level: Pixels) -> Proposals:
        (cells,) = self._pnet.run(None, {"pixels": level[None]})
        rows, columns = np.nonzero(cells[0, 4] > PNET_LIMIT)
        corner = np.stack([columns, rows], axis=1).astype(np.float32) * STRIDE
        # The package counts a cell's pixels from 1 to 12; its weights fit that.
        boxes = shifted(np.hstack([corner + 1, corner + CELL]), cells[0, :4, rows, columns])
        return Proposals(boxes, cells[0, 4, rows, columns])

    def _refine(self, pixels: Pixels, proposed: Proposals) -> Proposals:
        squares = squared(proposed.boxes)
        judged = self._judge(self._rnet, crops(pixels, squares, RNET_SIDE))
        good = judged[:, 4] > RNET_LIMIT
        boxes, scores = shifted(squares[good], judged[good, :4], wider=LAST_PIXEL), judged[good, 4]
        kept = best_of_overlapping(boxes, scores, 0.7)
        return Proposals(boxes[kept], scores[kept])

    def _output(self, pixels: Pixels, refined: Proposals) -> list[Face]:
        squares = squared(refined.boxes)
        judged = self._judge(self._onet, crops(pixels, squares, ONET_SIDE))
        good = judged[:, 14] > ONET_LIMIT
        squares, judged = squares[good], judged[good]
        boxes, scores = shifted(squares, judged[:, :4], wider=LAST_PIXEL), judged[:, 14]
        corner, side = squares[:, None, :2], (squares[:, 2:] - squares[:, :2])[:, None]
        landmarks = corner + judged[:, 4:14].reshape(-1, 2, 5).transpose(0, 2, 1) * side
        limits = np.array([*pixels.shape[1::-1]] * 2, np.float32)
        boxes = np.clip(boxes, 0, limits)
        return [
            Face(
                box=np.concatenate([boxes[i, :2], boxes[i, 2:] - boxes[i, :2]]),
                landmarks=landmarks[i],
                score=float(1 / (1 + np.exp(-scores[i]))),
            )
            for i in best_of_overlapping(boxes, scores, 0.7, of_smaller=True)
        ]

    @staticmethod
    def _judge(network: onnxruntime.InferenceSession, crops: NDArray[np.float32]) -> NDArray[np.float32]:
        if not len(crops):
            return np.zeros((0, network.get_outputs()[0].shape[1]), np.float32)
        return network.run(None, {"pixels": crops})[0]
