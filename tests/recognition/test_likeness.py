"""Which scores are asked about, and as what: on templates of a plane, where the cosine of an angle is the score."""

from uuid import UUID, uuid4

import numpy as np
import pytest

from recognition.likeness import MOST_WARNINGS, Limits, fitting, misfit, resembling
from watchlist.models import Resemblance
from watchlist.selectors.gallery import GalleryRow

LIMITS = Limits(alike=0.93, one_person=0.95, fits=0.91)
Kind = Resemblance.Kind


def scoring(score: float) -> bytes:
    """A template that has this score against the new image's."""
    vector = np.zeros(128, np.float32)
    vector[:2] = score, np.sqrt(1 - score**2)
    return vector.tobytes()


NEW = np.frombuffer(scoring(1.0), np.float32)


def rows(*scores: float, subject: UUID | None = None) -> list[GalleryRow]:
    """Images with these scores, of one subject each where none is named."""
    return [GalleryRow(str(uuid4()), str(subject or uuid4()), scoring(score), "dlib-2") for score in scores]


def asked(others: list[GalleryRow], known: frozenset[UUID] = frozenset(), own_best: float = -1.0) -> list:
    found = resembling(others, NEW, LIMITS, known=known, own_best=own_best)
    return [(each.kind, each.score) for each in found]


def test_a_score_says_what_is_asked() -> None:
    assert asked(rows(0.92, 0.94, 0.96)) == [(Kind.SAME_FACE, 0.96), (Kind.LOOK_ALIKE, 0.94)]
    assert asked([]) == []


def test_one_warning_for_each_person_by_their_closest_image() -> None:
    other = uuid4()
    assert asked(rows(0.94, 0.96, 0.95, subject=other) + rows(0.935)) == [
        (Kind.SAME_FACE, 0.96),
        (Kind.LOOK_ALIKE, 0.935),
    ]


def test_of_many_the_closest() -> None:
    scores = [0.931 + 0.001 * number for number in range(3 * MOST_WARNINGS)]
    closest = sorted((round(score, 4) for score in scores), reverse=True)[:MOST_WARNINGS]
    assert [score for _, score in asked(rows(*scores))] == closest


@pytest.mark.parametrize(
    ("score", "own_best", "again"),
    [
        (0.94, 0.96, False),  # two who look alike, as is known, and it looks more like its own
        (0.94, -1.0, True),  # nothing of its own to hold it against
        (0.94, 0.92, True),  # nearer to the other: perhaps filed under the wrong of the two
        (0.96, 0.97, True),  # so near that it is more likely one person
    ],
)
def test_known_look_alikes_are_asked_about_again_only_where_it_may_be_a_mix_up(
    score: float, own_best: float, again: bool
) -> None:
    brother = uuid4()
    assert bool(asked(rows(score, subject=brother), frozenset({brother}), own_best)) is again
    assert asked(rows(score), frozenset({brother}), own_best), "Of a stranger one is always asked."


def test_an_image_fits_where_it_is_like_one_of_the_others() -> None:
    own = rows(0.5, 0.92, 0.6)
    assert misfit(own, NEW, LIMITS) == []
    assert misfit([], NEW, LIMITS) == []
    [found] = misfit(rows(0.5, 0.6)[:2], NEW, LIMITS)
    assert (found.kind, found.score) == (Kind.MISFIT, 0.6)


def test_which_images_fit_each_other() -> None:
    together = fitting(rows(1.0, 0.99, 0.5), LIMITS)
    assert together.tolist() == [[True, True, False], [True, True, False], [False, False, True]]
