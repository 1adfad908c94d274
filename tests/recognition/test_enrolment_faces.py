"""Real people handed in as they should not be, and as they should: one under two names, somebody else's picture, one's
own. Prints nothing, and names nobody: people are numbers, and so are their pictures."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from recognition.enrolment import check_reference
from tests.cast import Cast, make_pending, make_subject
from watchlist.models import ReferenceState, Resemblance, Subject

TWICE = 12
TOGETHER = 16

Kind = Resemblance.Kind


@pytest.fixture(scope="module")
def pictures(faces_folder: Path) -> list[tuple[bytes, bytes]]:
    """Two pictures each of some people, drawn by a fixed lot."""
    folders = sorted(folder for folder in faces_folder.iterdir() if folder.is_dir())
    several = [paths for folder in folders if len(paths := sorted(folder.glob("*.jpg"))) > 1]
    lot = np.random.default_rng(6).permutation(len(several))[: TWICE + TOGETHER]
    return [(several[number][0].read_bytes(), several[number][1].read_bytes()) for number in lot]


def kinds(cast: Cast, subject: Subject, data: bytes) -> set[str] | None:
    """What is asked of this picture under this entry; None where it does not serve at all."""
    reference = make_pending(cast, subject, data)
    check_reference(reference.pk)
    reference.refresh_from_db()
    if reference.state != ReferenceState.ENROLLED:
        return None
    return set(reference.resemblances.values_list("kind", flat=True))


def test_a_person_listed_twice_is_noticed(cast: Cast, pictures: list[tuple[bytes, bytes]]) -> None:
    """Measured: 91 in 100 on a short list. Of these, with as much room for chance as one run in a thousand needs."""
    asked = []
    for first, second in pictures[:TWICE]:
        if kinds(cast, make_subject(cast), first) is not None:
            asked.append(kinds(cast, make_subject(cast), second))
    asked = [each for each in asked if each is not None]
    noticed = sum(bool(each & {Kind.SAME_FACE, Kind.LOOK_ALIKE}) for each in asked)
    assert len(asked) >= TWICE * 2 / 3
    assert noticed >= len(asked) * 0.6
    assert not any(Kind.MISFIT in each for each in asked), "Nobody here has a second image of their own."


def test_somebody_else_s_picture_is_asked_about_and_one_s_own_is_not(
    cast: Cast, pictures: list[tuple[bytes, bytes]]
) -> None:
    """Measured: 99 in 100, and 1 in 100. The wrong picture is of the next person, as when files are mixed up."""
    people = pictures[TWICE:]
    counts: Counter[str] = Counter()
    for number, (first, second) in enumerate(people):
        subject = make_subject(cast)
        if kinds(cast, subject, first) is None:
            continue
        wrong, own = kinds(cast, subject, people[number - 1][1]), kinds(cast, subject, second)
        counts["wrong"] += wrong is not None
        counts["wrong asked about"] += Kind.MISFIT in (wrong or ())
        counts["own"] += own is not None
        counts["own asked about"] += Kind.MISFIT in (own or ())
    assert min(counts["wrong"], counts["own"]) >= TOGETHER * 2 / 3
    assert counts["wrong asked about"] >= counts["wrong"] - 2
    assert counts["own asked about"] <= 2
