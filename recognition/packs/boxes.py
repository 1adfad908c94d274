"""Arithmetic on boxes: (n, 4) arrays of x1, y1, x2, y2, in pixels. Empty arrays in, empty arrays out."""

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]
Scores = NDArray[np.float32]


def overlaps(boxes: Boxes, *, of_smaller: bool = False) -> NDArray[np.float32]:
    """(n, n) shares of the union of each two boxes, or of the smaller of them, that both cover."""
    x1, y1, x2, y2 = boxes.T
    width = np.minimum(x2[:, None], x2) - np.maximum(x1[:, None], x1)
    height = np.minimum(y2[:, None], y2) - np.maximum(y1[:, None], y1)
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    area = (x2 - x1) * (y2 - y1)
    whole = np.minimum(area[:, None], area) if of_smaller else area[:, None] + area - shared
    return shared / np.maximum(whole, 1e-6)


def best_of_overlapping(boxes: Boxes, scores: Scores, limit: float, *, of_smaller: bool = False) -> NDArray[np.intp]:
    """Indices, best score first, of the boxes that no box with a higher score overlaps by more than `limit`.

    As the package mtcnn does it: a box that was itself outdone still suppresses others. One matrix, no loop.
    """
    order = np.argsort(-scores, kind="stable")
    too_close = overlaps(boxes[order], of_smaller=of_smaller) > limit
    return order[~np.triu(too_close, k=1).any(axis=0)]


def shifted(boxes: Boxes, shifts: NDArray[np.float32], *, wider: float = 0) -> Boxes:
    """Each edge moved by its share, (n, 4), of the box's width or height, which counts as `wider` by so many pixels."""
    size = boxes[:, 2:] - boxes[:, :2] + np.float32(wider)
    return boxes + shifts * np.hstack([size, size])


def squared(boxes: Boxes) -> Boxes:
    """Squares of the longer side around the same centres."""
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.hstack([centre - half, centre + half])
