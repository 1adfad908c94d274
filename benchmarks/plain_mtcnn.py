"""MTCNN in ONNX Runtime as one would first write it: what the product's detector is measured against.

The published cascade (Zhang, Zhang, Li and Qiao, "Joint Face Detection and Alignment using Multi-task Cascaded
Convolutional Networks", IEEE Signal Processing Letters 23(10), 2016) with the weights of the package mtcnn, and nothing
made faster: PRelu and Softmax nodes, every level resized from the full frame by area, boxes suppressed one after the
other, crops resized one by one. It shares no code with recognition/packs; only its cost is of interest.
"""

from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path
from typing import Any

import cv2
import joblib
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper

FIELD, STRIDE, STEP = 12, 2, 0.709  # pixels a cell of P-Net sees, pixels between cells, scale from level to level
LIMITS = (0.6, 0.7, 0.8)  # least probability of a face, by stage

Floats = NDArray[np.float32]


class PlainMtcnn:
    def __init__(self) -> None:
        self._stages = [
            _session("pnet", pools=[(2, "SAME_UPPER"), None, None], dense=False, heads=2),
            _session("rnet", pools=[(3, "SAME_UPPER"), (3, "VALID"), None], dense=True, heads=2),
            _session("onet", pools=[(3, "SAME_UPPER"), (3, "VALID"), (2, "SAME_UPPER"), None], dense=True, heads=3),
        ]

    def detect(self, image: NDArray[np.uint8], min_face: int) -> tuple[Floats, Floats]:
        """Boxes (n, 4) as x1, y1, x2, y2 and landmarks (n, 5, 2) of an RGB image."""
        boxes = self._proposals(image, FIELD / min_face)
        for stage, side in ((1, 24), (2, 48)):
            if not len(boxes):
                break
            boxes = _squares(boxes)
            shifts, *points, classes = self._stages[stage].run(None, {"x": _crops(image, boxes, side)})
            good = classes[:, 1] > LIMITS[stage]
            boxes, shifts, scores = boxes[good], shifts[good], classes[good, 1]
            sides = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
            landmarks = points[0][good].reshape(-1, 2, 5).transpose(0, 2, 1) if points else np.zeros((len(boxes), 5, 2))
            landmarks = boxes[:, None, :2] + landmarks * sides[:, None, :2]
            boxes = boxes + shifts * sides
            kept = _suppressed(boxes, scores, 0.7, of_smaller=stage == 2)
            boxes, landmarks = boxes[kept], landmarks[kept]
        return (boxes, landmarks) if len(boxes) else (np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32))

    def _proposals(self, image: NDArray[np.uint8], scale: float) -> Floats:
        height, width = image.shape[:2]
        boxes, scores = [np.zeros((0, 4))], [np.zeros(0)]
        while min(height, width) * scale >= FIELD:
            size = (int(np.ceil(width * scale)), int(np.ceil(height * scale)))
            level = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
            shifts, classes = self._stages[0].run(None, {"x": _normal(level[None])})
            rows, columns = np.nonzero(classes[0, 1] > LIMITS[0])
            corner = np.stack([columns, rows], axis=1) * STRIDE
            found = np.hstack([corner, corner + FIELD]) + shifts[0][:, rows, columns].T * FIELD
            kept = _suppressed(found, classes[0, 1, rows, columns], 0.5)
            boxes.append(found[kept] / scale)
            scores.append(classes[0, 1, rows, columns][kept])
            scale *= STEP
        every = np.concatenate(boxes)
        return every[_suppressed(every, np.concatenate(scores), 0.7)]


def _session(
    stage: str, *, pools: list[tuple[int, str] | None], dense: bool, heads: int
) -> onnxruntime.InferenceSession:
    """Convolution, PReLU and, where `pools` says so, max-pool; a dense layer if `dense`; then the heads."""
    weights, nodes, constants = _weights(stage), [], []

    def held(values: Floats) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(values), f"c{len(constants)}"))
        return constants[-1].name

    def node(op: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(op, list(inputs), [f"v{len(nodes)}"], **attributes))
        return nodes[-1].output[0]

    x = "x"
    for pool in pools:
        x = node("Conv", x, held(next(weights).transpose(3, 2, 0, 1)), held(next(weights)))
        x = node("PRelu", x, held(next(weights).reshape(-1, 1, 1)))
        if pool:
            x = node("MaxPool", x, kernel_shape=[pool[0]] * 2, strides=[2, 2], auto_pad=pool[1])
    if dense:  # the package flattens as column, row, channel
        x = node("Flatten", node("Transpose", x, perm=[0, 3, 2, 1]))
        x = node("Gemm", x, held(next(weights)), held(next(weights)))
        x = node("PRelu", x, held(next(weights).reshape(-1)))
    outputs = []
    for _ in range(heads):
        kernel, bias = next(weights), next(weights)
        if dense:
            outputs.append(node("Gemm", x, held(kernel), held(bias)))
        else:
            outputs.append(node("Conv", x, held(kernel.transpose(3, 2, 0, 1)), held(bias)))
    outputs[-1] = node("Softmax", outputs[-1], axis=1)
    shape = ["n", 3, None, None]
    graph = helper.make_graph(
        nodes,
        stage,
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in outputs],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _weights(stage: str) -> Iterator[Floats]:
    path = next(Path(str(file.locate())) for file in files("mtcnn") or () if file.name == f"{stage}.lz4")
    return iter([np.asarray(array, np.float32) for array in joblib.load(path)])


def _normal(pixels: NDArray[np.uint8]) -> Floats:
    return ((pixels.astype(np.float32) - 127.5) / 128).transpose(0, 3, 1, 2)


def _squares(boxes: Floats) -> Floats:
    centre, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.hstack([centre - half, centre + half])


def _crops(image: NDArray[np.uint8], squares: Floats, side: int) -> Floats:
    crops = np.zeros((len(squares), side, side, 3), np.uint8)
    height, width = image.shape[:2]
    for crop, (left, top, right, bottom) in zip(crops, squares.round().astype(int), strict=True):
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        if x1 >= x2 or y1 >= y2:
            continue
        part = image[y1:y2, x1:x2]
        if (x1, y1, x2, y2) != (left, top, right, bottom):
            part = cv2.copyMakeBorder(part, y1 - top, bottom - y2, x1 - left, right - x2, cv2.BORDER_CONSTANT)
        crop[:] = cv2.resize(
            part, (side, side), interpolation=cv2.INTER_AREA if right - left > side else cv2.INTER_LINEAR
        )
    return _normal(crops)


def _suppressed(boxes: Floats, scores: Floats, limit: float, *, of_smaller: bool = False) -> NDArray[np.intp]:
    """Indices of the boxes kept, best first: each in turn removes those that overlap it by more than `limit`."""
    left, kept = np.argsort(-scores), []
    x1, y1, x2, y2 = boxes.T
    area = (x2 - x1) * (y2 - y1)
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        width = np.minimum(x2[best], x2[left]) - np.maximum(x1[best], x1[left])
        height = np.minimum(y2[best], y2[left]) - np.maximum(y1[best], y1[left])
        shared = width.clip(0) * height.clip(0)
        whole = np.minimum(area[best], area[left]) if of_smaller else area[best] + area[left] - shared
        left = left[shared <= limit * whole]
    return np.array(kept, np.intp)
