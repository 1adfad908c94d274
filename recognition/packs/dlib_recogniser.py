"""What is a template of the default pack made of? Of dlib's embedding, and of what its network knows one layer before.

The last layer, learned for distances, keeps some ninety directions of the 256 it is given. Measured on people the
network was not tuned on here, the two together find more than either and are wrong more evenly: docs/decisions/0013.
"""

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recognition.pipeline.embed import unit
from recognition.pipeline.types import Templates

from .dlib_resnet import EMBEDDING, POOLED

POOLED_WEIGHT = 2.0  # of the pooled part's length, the embedding's being 1: four fifths of a score


class DlibRecogniser:
    """A Recogniser on the graph of `dlib_resnet.build`."""

    dimension = EMBEDDING + POOLED
    outputs = EMBEDDING

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, 150, 150, 3) RGB chips to (n, 128): dlib's own embedding, as DeepFace compares it."""
        if not len(chips):
            return np.zeros((0, self.outputs), np.float32)
        return self._run(["embedding"], chips)[0]

    def describe(self, chips: NDArray[np.uint8]) -> Templates:
        """(n, 150, 150, 3) RGB chips to (n, 384) of unit length."""
        if not len(chips):
            return np.zeros((0, self.dimension), np.float32)
        embedding, pooled = self._run(["embedding", "pooled"], chips)
        return unit(np.hstack([unit(embedding), np.float32(POOLED_WEIGHT) * unit(pooled)]))

    def _run(self, names: list[str], chips: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        return list(self._session.run(names, {"pixels": np.ascontiguousarray(chips, np.uint8)}))
