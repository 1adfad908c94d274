"""What do several reference images of one subject add? Their mean, searched beside them.

What the images have in common is the person; light, pose and age differ and cancel out. docs/decisions/0010 has the
figures.
"""

from collections.abc import Sequence

import numpy as np

from recognition.pipeline.embed import unit
from recognition.pipeline.types import POOLED, Gallery, Templates


def pooled_gallery(
    templates: Templates, references: Sequence[str], subjects: Sequence[str], *, version: int, pack: str
) -> Gallery:
    """A gallery of these rows, subject by subject, with one more row after those of each subject who has several.

    That row is the mean of the others, of unit length, and its reference is POOLED: `search` names the subject's
    likest image in its place. `templates` is (n, dimension), one row for each of `references` and `subjects`.
    """
    rows_of: dict[str, list[int]] = {}
    for row, subject in enumerate(subjects):
        rows_of.setdefault(subject, []).append(row)
    size = len(subjects) + sum(len(rows) > 1 for rows in rows_of.values())
    found = np.empty((size, templates.shape[1]), dtype=np.float32)
    names: list[str] = []
    owners: list[str] = []
    for subject, rows in rows_of.items():
        own, start = templates[rows], len(names)
        names += [references[row] for row in rows]
        found[start : len(names)] = own
        if len(rows) > 1:
            found[len(names)] = unit(own.mean(axis=0, keepdims=True))[0]
            names.append(POOLED)
        owners += [subject] * (len(names) - start)
    return Gallery(found, names, owners, version, pack)
