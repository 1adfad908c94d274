"""Writing an ONNX graph by hand: nodes and constants in order, and PReLU in a form that ONNX Runtime runs fast.

ONNX Runtime keeps convolutions, pools, ReLU and additions in a blocked channel layout and leaves that layout for a
PRelu node, which then took more than half of the time of each MTCNN network. PReLU is therefore written with the
operators that stay in the layout: prelu(x) = a x + (1 - a) relu(x). The results agree to float rounding.
"""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = NDArray[Any]

OPSET = 17
IR_VERSION = 9  # the oldest that goes with the opset
BLOCK = 16  # channels per block of the layout on AVX-512; a multiple of the 8 that AVX2 uses


def padded(weights: Weights, *, axis: int, size: int) -> Weights:
    """Zeros appended along `axis` up to `size`; unused channels cost less than leaving the blocked layout."""
    missing = [(0, 0)] * weights.ndim
    missing[axis] = (0, size - weights.shape[axis])
    return np.pad(weights, missing)


def whole_blocks(channels: int) -> int:
    return -(-channels // BLOCK) * BLOCK


class Graph:
    """Nodes in the order they run. Every method returns the name of the value it adds."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []

    def constant(self, values: Weights) -> str:
        name = f"w{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, op: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        name = name or f"{op.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, list(inputs), [name], **attributes))
        return name

    def conv(self, x: str, kernel: Weights, bias: Weights | None = None, **attributes: Any) -> str:
        """`kernel` is (out, in, rows, columns); computed in any precision, stored in float32."""
        constants = [self.constant(w.astype(np.float32)) for w in (kernel, bias) if w is not None]
        return self.add("Conv", x, *constants, kernel_shape=list(kernel.shape[2:]), **attributes)

    def mix(self, x: str, matrix: Weights) -> str:
        """Linear combination of channels, (out, in)."""
        return self.conv(x, matrix[:, :, None, None])

    def prelu(self, x: str, slope: Weights) -> str:
        """PReLU over channels of a (n, c, h, w) value, any slope."""
        scale = slope.reshape(-1, 1, 1, 1)
        above = self.add("Relu", x)
        return self.add("Add", self.conv(x, scale, group=len(scale)), self.conv(above, 1 - scale, group=len(scale)))

    def conv_prelu_pool(self, x: str, kernel: Weights, bias: Weights, slope: Weights, **pool: Any) -> tuple[str, int]:
        """max-pool(prelu(conv(x))) with the pool done first, so that PReLU meets a quarter of the values.

        For a slope >= 0 PReLU never decreases and so changes places with the maximum. For a slope < 0 the highest
        PReLU of a window is the larger of the window's highest x and its highest slope * x; the latter is had by
        pooling a second, scaled copy of the channel. Result: the value's name and its number of channels, which is
        filled up with zero channels to whole blocks.
        """
        slope = slope.reshape(-1)
        falling = np.flatnonzero(slope < 0)
        channels, pooled = len(slope), whole_blocks(len(slope) + len(falling))
        kernel = np.concatenate([kernel, kernel[falling] * slope[falling, None, None, None]])
        bias = np.concatenate([bias, bias[falling] * slope[falling]])
        x = self.conv(x, padded(kernel, axis=0, size=pooled), padded(bias, axis=0, size=pooled))
        x = self.add("MaxPool", x, **pool)

        # slope >= 0: slope * p + (1 - slope) * relu(p);  slope < 0: max(p, q) = p + relu(q - p)
        out = whole_blocks(channels)
        linear, before, after = np.zeros((out, pooled)), np.zeros((out, pooled)), np.zeros((out, out))
        for channel, a in enumerate(slope):
            linear[channel, channel] = a if a >= 0 else 1
            before[channel, channel] = 1 if a >= 0 else -1
            after[channel, channel] = 1 - a if a >= 0 else 1
        before[falling, channels + np.arange(len(falling))] = 1
        above = self.add("Relu", self.mix(x, before))
        return self.add("Add", self.mix(x, linear), self.mix(above, after)), out

    def pixels(self, *shape: str | int, dtype: type[np.number[Any]] = np.uint8) -> str:
        """The graph's input "pixels", (n, h, w, 3) from 0 to 255 as OpenCV holds them, as (n, 3, h, w) floats."""
        element = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self._inputs.append(helper.make_tensor_value_info("pixels", element, shape))
        planes = self.add("Transpose", "pixels", perm=[0, 3, 1, 2])
        return planes if element == TensorProto.FLOAT else self.add("Cast", planes, to=TensorProto.FLOAT)

    def model(self, title: str, **outputs: tuple[str | int, ...]) -> bytes:
        """The checked model, serialised; `outputs` are names of values with their shapes."""
        body = helper.make_graph(
            self._nodes,
            title,
            self._inputs,
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
            self._constants,
        )
        model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString()
