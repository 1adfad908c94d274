"""ONNX Runtime sessions as every process of the product uses them: one thread, on the CPU."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recognition.pipeline.embed import unit
from recognition.pipeline.types import Templates

from .errors import DamagedSource
from .pixels import PixelInput


def open_session(model: Path | bytes) -> onnxruntime.InferenceSession:
    """Scaling out is done with processes, so that a session that spins up threads only takes from its neighbours."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors; warnings name nodes that the optimiser has removed
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


class PixelEmbedder:
    """A Recogniser: a network as its makers published it, and the form in which it takes pixels."""

    def __init__(self, model: bytes, pixels: PixelInput, dimension: int, *, file: str) -> None:
        """DamagedSource where `model`, the content of `file`, makes other than `dimension` numbers of a chip."""
        self._pixels, self._dimension = pixels, dimension
        side = pixels.side
        try:
            self._session = open_session(model)
            self._input = self._session.get_inputs()[0].name
            # Some graphs are published with a batch of one written into them.
            self._one_by_one = self._session.get_inputs()[0].shape[0] == 1
            made = self._run(pixels.of(np.zeros((1, side, side, 3), np.uint8))).shape
        except Exception as error:  # ONNX Runtime has one class for each of its many reasons
            raise DamagedSource(f"{file} is not the network this pack was made for: {error}") from error
        if made != (1, dimension):
            raise DamagedSource(f"{file} is another network: of one chip it makes {made}, not (1, {dimension}).")

    @property
    def dimension(self) -> int:
        return self._dimension

    outputs = dimension

    def describe(self, chips: NDArray[np.uint8]) -> Templates:
        """(n, side, side, 3) RGB chips to (n, dimension): the outputs at unit length."""
        return unit(self.embed(chips))

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, side, side, 3) RGB chips to (n, dimension) network outputs."""
        if not len(chips):
            return np.zeros((0, self._dimension), np.float32)
        batch = self._pixels.of(chips)
        if not self._one_by_one:
            return self._run(batch)
        return np.concatenate([self._run(batch[i : i + 1]) for i in range(len(batch))])

    def _run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._session.run(None, {self._input: batch})[0]
