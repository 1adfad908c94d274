"""Small networks with the inputs and outputs of the published ones, so that the real loading code has files to load.

A recogniser made here answers with values of its own input, so that what reached it can be read from a template.
"""

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Shape = Sequence[int | str]

# Biases at which a portrait gives dozens of faces, not thousands: RetinaFace's own suppression is a loop over pairs.
YUNET_BIAS, RETINAFACE_BIAS = -2.0, -6.0


def recogniser(*, side: int, planes: bool, dimension: int, batch: int | str = "n") -> bytes:
    """`dimension` values of the input, spread over it: see `seen_by`."""
    shape = [batch, 3, side, side] if planes else [batch, side, side, 3]
    return _model(
        [
            helper.make_node("Flatten", ["images"], ["flat"]),
            helper.make_node("Gather", ["flat", "places"], ["embedding"], axis=1),
        ],
        {"images": shape},
        {"embedding": [batch, dimension]},
        {"places": places(side, dimension)},
    )


def places(side: int, dimension: int) -> np.ndarray:
    return np.linspace(0, side * side * 3 - 1, dimension).astype(np.int64)


def seen_by(pixels: np.ndarray, dimension: int) -> np.ndarray:
    """What a made recogniser answers to a batch that has the form its network takes."""
    return pixels.reshape(len(pixels), -1)[:, places(pixels.shape[2], dimension)]


def yunet(seed: int = 5) -> bytes:
    """The twelve outputs of YuNet, each one random convolution of the picture, biased so that few cells are a face."""
    random, nodes, constants, outputs = np.random.default_rng(seed), [], {}, {}
    for kind, channels in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
        for stride in (8, 16, 32):
            name = f"{kind}_{stride}"
            is_score = kind in ("cls", "obj")
            weights, bias = _kernel(random, channels, stride, score_bias=YUNET_BIAS if is_score else None)
            constants[f"{name}_w"], constants[f"{name}_b"] = weights, bias
            constants[f"{name}_s"] = np.array([1, -1, channels], np.int64)
            nodes += [
                helper.make_node("Conv", ["input", f"{name}_w", f"{name}_b"], [f"{name}_c"], strides=[stride, stride]),
                helper.make_node("Transpose", [f"{name}_c"], [f"{name}_t"], perm=[0, 2, 3, 1]),
                helper.make_node("Reshape", [f"{name}_t", f"{name}_s"], [f"{name}_r" if is_score else name]),
            ]
            if is_score:
                nodes.append(helper.make_node("Sigmoid", [f"{name}_r"], [name]))
            outputs[name] = [1, f"cells_{stride}", channels]
    return _model(nodes, {"input": [1, 3, "height", "width"]}, outputs, constants)


def retinaface(seed: int = 5) -> bytes:
    """The nine outputs of RetinaFace, each one random convolution of the picture."""
    random, nodes, constants, outputs = np.random.default_rng(seed), [], {}, {}
    nodes.append(helper.make_node("Transpose", ["images"], ["planes"], perm=[0, 3, 1, 2]))
    for stride in (32, 16, 8):
        for kind, channels in (("cls", 4), ("bbox", 8), ("points", 20)):
            name = f"{kind}_{stride}"
            weights, bias = _kernel(random, channels, stride, score_bias=RETINAFACE_BIAS if kind == "cls" else None)
            constants[f"{name}_w"], constants[f"{name}_b"] = weights, bias
            last = f"{name}_t" if kind == "cls" else name
            nodes += [
                helper.make_node("Conv", ["planes", f"{name}_w", f"{name}_b"], [f"{name}_c"], strides=[stride, stride]),
                helper.make_node("Transpose", [f"{name}_c"], [last], perm=[0, 2, 3, 1]),
            ]
            if kind == "cls":
                nodes.append(helper.make_node("Sigmoid", [f"{name}_t"], [name]))
            outputs[name] = ["n", f"rows_{stride}", f"columns_{stride}", channels]
    return _model(nodes, {"images": ["n", "height", "width", 3]}, outputs, constants)


def _kernel(
    random: np.random.Generator, channels: int, side: int, *, score_bias: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias of a convolution; a score is high where the picture has contrast, and nowhere else."""
    weights = random.normal(0, (0.001 if score_bias is None else 0.05) / side, (channels, 3, side, side))
    if score_bias is not None:
        weights -= weights.mean((2, 3), keepdims=True)
    bias = np.full(channels, 0.5 if score_bias is None else score_bias)
    return weights.astype(np.float32), bias.astype(np.float32)


def _model(
    nodes: list[onnx.NodeProto], inputs: dict[str, Shape], outputs: dict[str, Shape], constants: dict[str, np.ndarray]
) -> bytes:
    def described(values: dict[str, Shape]) -> list[onnx.ValueInfoProto]:
        return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in values.items()]

    initial = [numpy_helper.from_array(values, name) for name, values in constants.items()]
    graph = helper.make_graph(nodes, "made", described(inputs), described(outputs), initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()
