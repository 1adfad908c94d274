"""PReLU in the form that runs fast gives what PReLU gives, whatever the slopes."""

import numpy as np
import pytest

from recognition.packs.graph import Graph, whole_blocks
from recognition.packs.sessions import open_session

SLOPES = {
    "rising": np.array([0.1, 0.5, 0.9]),
    "falling": np.array([-1.8, -0.1, -0.6]),
    "mixed, one above 1": np.array([-0.4, 0.0, 0.3, 1.3, 1.0]),
}


def prelu(x: np.ndarray, slope: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, x * slope[:, None, None])


def pooled(x: np.ndarray, side: int) -> np.ndarray:
    """Maximum over side x side windows, two apart, the last of which may reach over the edge."""
    rows, columns = -(-x.shape[2] // 2), -(-x.shape[3] // 2)
    out = np.empty((*x.shape[:2], rows, columns), x.dtype)
    for row in range(rows):
        for column in range(columns):
            window = x[:, :, 2 * row : 2 * row + side, 2 * column : 2 * column + side]
            out[:, :, row, column] = window.max(axis=(2, 3))
    return out


@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize("side", [2, 3])
def test_pooling_before_prelu_changes_nothing(name: str, side: int) -> None:
    slope, random = SLOPES[name], np.random.default_rng(5)
    kernel, bias = random.normal(size=(len(slope), 3, 1, 1)) / 64, random.normal(size=len(slope))
    graph = Graph()
    x = graph.pixels("n", "h", "w", 3)
    pool = {"kernel_shape": [side] * 2, "strides": [2, 2], "auto_pad": "SAME_UPPER"}
    x, channels = graph.conv_prelu_pool(x, kernel, bias, slope, **pool)
    graph.add("Identity", x, name="out")
    session = open_session(graph.model("test", out=("n", channels, "y", "x")))
    pixels = random.integers(0, 256, (2, 10, 12, 3), np.uint8)

    (found,) = session.run(None, {"pixels": pixels})

    convolved = np.einsum("oc,nhwc->nohw", kernel[:, :, 0, 0], pixels.astype(np.float64)) + bias[:, None, None]
    # Of even sides, so that what padding there is stands on the far side, as in `pooled`.
    np.testing.assert_allclose(found[:, : len(slope)], pooled(prelu(convolved, slope), side), rtol=1e-4, atol=1e-4)
    assert channels == whole_blocks(len(slope))
    assert not found[:, len(slope) :].any()


@pytest.mark.parametrize("name", SLOPES)
def test_prelu_of_any_slope(name: str) -> None:
    slope, random = SLOPES[name], np.random.default_rng(6)
    kernel = random.normal(size=(len(slope), 3, 1, 1)) / 64
    graph = Graph()
    graph.add("Identity", graph.prelu(graph.conv(graph.pixels("n", "h", "w", 3), kernel), slope), name="out")
    session = open_session(graph.model("test", out=("n", len(slope), "y", "x")))
    pixels = random.integers(0, 256, (1, 5, 4, 3), np.uint8)

    (found,) = session.run(None, {"pixels": pixels})

    convolved = np.einsum("oc,nhwc->nohw", kernel[:, :, 0, 0], pixels.astype(np.float64))
    np.testing.assert_allclose(found, prelu(convolved, slope), rtol=1e-4, atol=1e-4)
