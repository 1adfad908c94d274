"""A Keras 2 model of the layers that DeepFace's recognisers consist of, as an ONNX graph with the same weights.

For tests only: it knows no other layers. Values of four dimensions are kept as (n, channels, rows, columns).
"""

from typing import Any

import numpy as np

from recognition.packs.graph import Graph


def converted(model: Any) -> bytes:
    """The model with input "pixels" (n, side, side, 3), float, and output "embedding"."""
    graph, names = Graph(), {}
    for layer in model.layers:
        if type(layer).__name__ == "InputLayer":
            names[layer.name] = graph.pixels("n", *layer.output.shape[1:], dtype=np.float32)
            continue
        inputs = layer._inbound_nodes[-1].keras_inputs
        given = [names[tensor._keras_history.layer.name] for tensor in inputs]
        names[layer.name] = LAYERS[type(layer).__name__](graph, layer, given, len(inputs[0].shape))
    graph.add("Identity", names[model.outputs[0]._keras_history.layer.name], name="embedding")
    return graph.model("deepface", embedding=("n", model.output_shape[-1]))


def constant(graph: Graph, values: Any, dtype: type = np.float32) -> str:
    return graph.constant(np.asarray(values, dtype))


def by_channel(values: np.ndarray, rank: int) -> np.ndarray:
    return values.reshape(1, -1, 1, 1) if rank == 4 else values.reshape(1, -1)


def short_name(weight: Any) -> str:
    """ "gamma" of "bn/gamma:0"."""
    return weight.name.rpartition("/")[2].partition(":")[0]


def padding(layer: Any) -> dict[str, str]:
    return {"auto_pad": "SAME_UPPER" if layer.padding == "same" else "VALID"}


def conv(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    kernel, *bias = layer.get_weights()
    assert layer.activation.__name__ == "linear"
    return graph.conv(given[0], kernel.transpose(3, 2, 0, 1), *bias, strides=list(layer.strides), **padding(layer))


def depthwise(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    (kernel,) = layer.get_weights()
    assert kernel.shape[3] == 1
    return graph.conv(
        given[0], kernel.transpose(2, 3, 0, 1), group=kernel.shape[2], strides=list(layer.strides), **padding(layer)
    )


def batch_normalisation(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    values = dict(zip(map(short_name, layer.weights), layer.get_weights(), strict=True))
    scale = values.get("gamma", 1.0) / np.sqrt(values["moving_variance"] + layer.epsilon)
    shift = values.get("beta", 0.0) - values["moving_mean"] * scale
    scaled = graph.add("Mul", given[0], constant(graph, by_channel(scale, rank)))
    return graph.add("Add", scaled, constant(graph, by_channel(shift, rank)))


def prelu(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    (slope,) = layer.get_weights()
    return graph.add("PRelu", given[0], constant(graph, slope.reshape(-1, 1, 1)))


def zero_padding(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    (top, bottom), (left, right) = layer.padding
    return graph.add("Pad", given[0], constant(graph, [0, 0, top, left, 0, 0, bottom, right], np.int64))


def activation(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    match layer.activation.__name__:
        case "relu":
            return graph.add("Relu", given[0])
        case "hard_sigmoid":
            return graph.add("HardSigmoid", given[0], alpha=0.2, beta=0.5)
        case "linear":
            return given[0]
        case other:
            raise NotImplementedError(other)


def joined(operator: str, **attributes: Any) -> Any:
    def join(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
        value = given[0]
        for other in given[1:]:
            value = graph.add(operator, value, other, **attributes)
        return value

    return join


def dense(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    kernel, *bias = layer.get_weights()
    return graph.add("Gemm", given[0], *(constant(graph, values) for values in (kernel, *bias)))


def flatten(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    return graph.add("Flatten", graph.add("Transpose", given[0], perm=[0, 2, 3, 1]))


def mean(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    return graph.add("ReduceMean", given[0], axes=[2, 3], keepdims=0)


def one_by_one(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    assert layer.target_shape[:2] == (1, 1)
    return graph.add("Unsqueeze", given[0], constant(graph, [2, 3], np.int64))


def scaled(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    return graph.add("Mul", given[0], constant(graph, layer.arguments["scale"]))


def max_pool(graph: Graph, layer: Any, given: list[str], rank: int) -> str:
    return graph.add(
        "MaxPool", given[0], kernel_shape=list(layer.pool_size), strides=list(layer.strides), **padding(layer)
    )


LAYERS = {
    "Conv2D": conv,
    "DepthwiseConv2D": depthwise,
    "BatchNormalization": batch_normalisation,
    "PReLU": prelu,
    "ZeroPadding2D": zero_padding,
    "Activation": activation,
    "Add": joined("Add"),
    "Multiply": joined("Mul"),
    "Concatenate": joined("Concat", axis=1),
    "Dense": dense,
    "Flatten": flatten,
    "Dropout": lambda graph, layer, given, rank: given[0],
    "GlobalAveragePooling2D": mean,
    "Reshape": one_by_one,
    "Lambda": scaled,
    "MaxPooling2D": max_pool,
}
