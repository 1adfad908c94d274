"""Which warnings does a new reference deserve, by its scores against other people's templates and its own subject's?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.types import Template, Templates
from watchlist.models import Resemblance
from watchlist.selectors.gallery import GalleryRow
from watchlist.services.references import Resembling

# Of an entry that resembles many, the closest say all that a person can act upon.
MOST_WARNINGS = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """Cosine similarities at which a person is asked."""

    alike: float  # two people who look alike, from here on
    one_person: float  # from here on one person listed twice is likelier than two people
    fits: float  # below it an image does not fit the others of its subject


def resembling(
    others: Sequence[GalleryRow], template: Template, limits: Limits, *, known: Collection[UUID], own_best: float
) -> list[Resembling]:
    """At most one warning for each other person, by their closest image; the closest people first.

    `known` look-alikes of the subject are not asked about again, unless the score is one person's, or the image is
    nearer to them than to any of its own subject's (`own_best`): then it may have been filed under the wrong one.
    """
    found: dict[str, Resembling] = {}
    scores = scores_of(others, template)
    for row in np.argsort(-scores, kind="stable").tolist():
        score, other = float(scores[row]), others[row]
        if score < limits.alike or len(found) == MOST_WARNINGS:
            break
        settled = UUID(other.subject_id) in known and score < limits.one_person and score <= own_best
        if settled or other.subject_id in found:
            continue
        one = score >= limits.one_person
        kind = Resemblance.Kind.SAME_FACE if one else Resemblance.Kind.LOOK_ALIKE
        found[other.subject_id] = Resembling(UUID(other.reference_id), kind, round(score, 4))
    return list(found.values())


def misfit(own: Sequence[GalleryRow], template: Template, limits: Limits) -> list[Resembling]:
    """A warning where even the closest of the subject's other images is too unlike; none where there is no other.

    The closest, not their mean: one wrong image among them must not hold back the right ones that follow.
    """
    if not own:
        return []
    scores = scores_of(own, template)
    closest = int(scores.argmax())
    if scores[closest] >= limits.fits:
        return []
    return [Resembling(UUID(own[closest].reference_id), Resemblance.Kind.MISFIT, round(float(scores[closest]), 4))]


def fitting(rows: Sequence[GalleryRow], limits: Limits) -> NDArray[np.bool_]:
    """(n, n): which of these images fit each other."""
    templates = matrix(rows)
    return np.asarray(templates @ templates.T >= limits.fits)


def scores_of(rows: Sequence[GalleryRow], template: Template) -> NDArray[np.float32]:
    """(n,) cosine similarities; empty for no rows."""
    return np.asarray(matrix(rows) @ template, dtype=np.float32) if rows else np.zeros(0, np.float32)


def matrix(rows: Sequence[GalleryRow]) -> Templates:
    """(n, dimension)."""
    return np.stack([np.frombuffer(row.template, np.dtype("<f4")) for row in rows])
