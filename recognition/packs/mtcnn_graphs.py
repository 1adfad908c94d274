"""The three networks of MTCNN as ONNX graphs, from the weights that the package mtcnn (MIT) carries.

Each weight file is a list of arrays, from the input on: per convolution kernel (rows, columns, in, out), bias, PReLU
slope; then the heads. Inputs are RGB from 0 to 255, in floats, since resized pixels lie between bytes; (RGB - 127.5) /
128 is folded into the first convolution, which has no padding. A score is given as the difference of the two class
outputs, whose logistic function is the probability of a face: that saves the softmax over every cell of an image, and
a threshold can be put to the difference.
"""

import io
from collections.abc import Iterator

import joblib
import numpy as np
from numpy.typing import NDArray

from .errors import DamagedSource
from .graph import Graph

MEAN, SCALE = 127.5, 128.0
RNET_SIDE, ONET_SIDE = 24, 48  # pixels of the crops that the second and third network judge

Weights = NDArray[np.float64]
SAME, VALID = {"auto_pad": "SAME_UPPER"}, {"auto_pad": "VALID"}


def _arrays(data: bytes, name: str) -> Iterator[Weights]:
    try:
        arrays = joblib.load(io.BytesIO(data))
        return iter([np.asarray(array, np.float64) for array in arrays])
    except Exception as error:  # joblib, lz4 and pickle each raise their own
        raise DamagedSource(f"The weights of MTCNN's {name} cannot be read: reinstall mtcnn.") from error


class _Builder:
    def __init__(self, data: bytes, name: str) -> None:
        self.name, self.graph, self.values = name, Graph(), _arrays(data, name)

    def next(self, *shape: int) -> Weights:
        array = next(self.values, None)
        if array is None or array.shape != shape:
            found = "nothing" if array is None else f"shape {array.shape}"
            raise DamagedSource(f"MTCNN's {self.name} has {found} where {shape} is due: reinstall mtcnn.")
        return array

    def kernel(self, side: int, channels: int, filters: int) -> tuple[Weights, Weights, Weights]:
        """Kernel (out, in, rows, columns), bias and slope of the next convolution."""
        kernel = self.next(side, side, channels, filters).transpose(3, 2, 0, 1)
        return kernel, self.next(filters), self.next(1, 1, filters).reshape(-1)

    def of_pixels(self, side: int, filters: int) -> tuple[Weights, Weights, Weights]:
        kernel, bias, slope = self.kernel(side, 3, filters)
        return kernel / SCALE, bias - kernel.sum((1, 2, 3)) * (MEAN / SCALE), slope

    def conv(self, x: str, held: int, side: int, channels: int, filters: int) -> str:
        """Convolution and PReLU; `held` channels in x, of which all over `channels` are zero."""
        kernel, bias, slope = self.kernel(side, channels, filters)
        wide = np.pad(kernel, ((0, 0), (0, held - channels), (0, 0), (0, 0)))
        return self.graph.prelu(self.graph.conv(x, wide, bias), slope)

    def pool(self, x: str, side: int, padding: dict[str, str]) -> str:
        return self.graph.add("MaxPool", x, kernel_shape=[side, side], strides=[2, 2], **padding)

    def dense(self, x: str, side: int, channels: int, outputs: int) -> str:
        # The package flattens as (column, row, channel), ONNX as (channel, row, column).
        held = self.next(side * side * channels, outputs).reshape(side, side, channels, outputs)
        weights = held.transpose(2, 1, 0, 3).reshape(-1, outputs)
        bias, slope = self.next(outputs), self.next(outputs)
        x = self.graph.add("Gemm", self.graph.add("Flatten", x), *map(self.single, (weights, bias)))
        return self.graph.add("PRelu", x, self.single(slope))

    def single(self, values: Weights) -> str:
        return self.graph.constant(values.astype(np.float32))

    def head(self, inputs: int, sizes: tuple[int, ...], *, one_by_one: bool = False) -> tuple[Weights, Weights]:
        """The heads side by side as one layer (inputs, outputs); the last, of two classes, becomes one difference."""
        shape = (1, 1, inputs) if one_by_one else (inputs,)
        weights, biases = [], []
        for size in sizes:
            weights.append(self.next(*shape, size).reshape(inputs, size))
            biases.append(self.next(size))
        weights[-1], biases[-1] = weights[-1] @ [[-1.0], [1.0]], biases[-1] @ [[-1.0], [1.0]]
        return np.hstack(weights), np.hstack(biases)


def pnet(data: bytes) -> bytes:
    """Proposals: pixels (n, h, w, 3) -> cells (n, 5, rows, columns): four box shifts and the score of each cell."""
    builder = _Builder(data, "P-Net")
    graph = builder.graph
    kernel, bias, slope = builder.of_pixels(3, 10)
    x = graph.pixels("n", "h", "w", 3, dtype=np.float32)
    x, held = graph.conv_prelu_pool(x, kernel, bias, slope, kernel_shape=[2, 2], strides=[2, 2], **SAME)
    x = builder.conv(x, held, 3, 10, 16)
    kernel, bias, slope = builder.kernel(3, 16, 32)
    x = graph.conv(x, kernel, bias)
    # The last PReLU is folded into the heads: head(prelu(x)) = head a x + head (1 - a) relu(x).
    weights, bias = builder.head(32, (4, 2), one_by_one=True)
    linear = graph.conv(x, (weights.T * slope)[:, :, None, None], bias)
    above = graph.mix(graph.add("Relu", x), weights.T * (1 - slope))
    graph.add("Add", linear, above, name="cells")
    return graph.model("mtcnn_pnet", cells=("n", 5, "rows", "columns"))


def rnet(data: bytes) -> bytes:
    """Refinement: pixels (n, 24, 24, 3) -> judged (n, 5): four box shifts and the score."""
    builder = _Builder(data, "R-Net")
    graph = builder.graph
    kernel, bias, slope = builder.of_pixels(3, 28)
    x = graph.pixels("n", RNET_SIDE, RNET_SIDE, 3, dtype=np.float32)
    x, held = graph.conv_prelu_pool(x, kernel, bias, slope, kernel_shape=[3, 3], strides=[2, 2], **SAME)
    x = builder.pool(builder.conv(x, held, 3, 28, 48), 3, VALID)
    x = builder.dense(builder.conv(x, 48, 2, 48, 64), 3, 64, 128)
    graph.add("Gemm", x, *map(builder.single, builder.head(128, (4, 2))), name="judged")
    return graph.model("mtcnn_rnet", judged=("n", 5))


def onet(data: bytes) -> bytes:
    """Output: pixels (n, 48, 48, 3) -> judged (n, 15): four box shifts, five x, five y of the landmarks, the score."""
    builder = _Builder(data, "O-Net")
    graph = builder.graph
    kernel, bias, slope = builder.of_pixels(3, 32)
    x = graph.pixels("n", ONET_SIDE, ONET_SIDE, 3, dtype=np.float32)
    x, held = graph.conv_prelu_pool(x, kernel, bias, slope, kernel_shape=[3, 3], strides=[2, 2], **SAME)
    x = builder.pool(builder.conv(x, held, 3, 32, 64), 3, VALID)
    x = builder.pool(builder.conv(x, 64, 3, 64, 64), 2, SAME)
    x = builder.dense(builder.conv(x, 64, 2, 64, 128), 3, 128, 256)
    graph.add("Gemm", x, *map(builder.single, builder.head(256, (4, 10, 2))), name="judged")
    return graph.model("mtcnn_onet", judged=("n", 15))
