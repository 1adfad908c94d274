"""Whom on the list does a template resemble? Exact search: a match is never missed for an index's sake."""

import numpy as np

from recognition.pipeline.types import POOLED, Gallery, Hit, Templates

MOST_HITS = 32  # per probe, so that a floor set far too low cannot flood the tracks


def search(gallery: Gallery, probes: Templates, *, floor: float, most: int = MOST_HITS) -> list[list[Hit]]:
    """For each probe (row of (n, dimension)) the references with cosine similarity >= `floor`, best first.

    At most `most` of them; an empty list or an empty gallery gives empty results. Where the mean of a subject's images
    is that like, the hit names the likest of them, which people can look at.
    """
    if not len(probes) or not len(gallery):
        return [[] for _ in probes]
    scores = gallery.templates @ probes.T  # (rows, n); one pass over the matrix for all the faces of a frame
    return [_hits(gallery, scores[:, i], floor, most) for i in range(len(probes))]


def _hits(gallery: Gallery, scores: np.ndarray, floor: float, most: int) -> list[Hit]:
    rows = np.flatnonzero(scores >= floor)
    if not len(rows):
        return []
    if len(rows) > most:
        rows = rows[np.argpartition(scores[rows], -most)[-most:]]
    rows = rows[np.argsort(-scores[rows], kind="stable")]
    return [Hit(_shown(gallery, scores, row), gallery.subjects[row], float(scores[row])) for row in rows.tolist()]


def _shown(gallery: Gallery, scores: np.ndarray, row: int) -> str:
    if gallery.references[row] != POOLED:
        return gallery.references[row]
    first = row
    while first and gallery.subjects[first - 1] == gallery.subjects[row]:
        first -= 1
    return gallery.references[first + int(scores[first:row].argmax())]
