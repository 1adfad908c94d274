"""ONNX Runtime sessions as every process of the product uses them: one thread, on the CPU."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray


def open_session(model: Path | bytes) -> onnxruntime.InferenceSession:
    """Scaling out is done with processes, so that a session that spins up threads only takes from its neighbours."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors; warnings name nodes that the optimiser has removed
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


class Embedder:
    """A Recogniser: one network, chips in, raw outputs out."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._dimension = int(session.get_outputs()[0].shape[1])

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, side, side, 3) RGB chips to (n, dimension) raw network outputs, not yet of unit length."""
        if not len(chips):
            return np.zeros((0, self._dimension), np.float32)
        return self._session.run(None, {"pixels": np.ascontiguousarray(chips, np.uint8)})[0]
