"""Are listed people of every group found, and are others of every group left alone? One search of each person."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.errors import TooFew
from recognition.measuring.searches import Sample
from watchlist.intervals import Share

BLOCK = 256  # searches at once


@dataclass(frozen=True, slots=True)
class GroupSearches:
    """By group. Every person is one trial, so that trials do not hang together; Wilson's interval asks for that."""

    found: Mapping[str, Share]  # people with two images: found by the one, listed by the other
    false: Mapping[str, Share]  # searched against `listed` others, of all groups and of none
    listed: int
    false_within: Mapping[str, Share]  # searched against `listed_within` others of their own group
    listed_within: int


def group_searches(
    sample: Sample, groups: Mapping[int, str], *, listed: int, threshold: float, seed: int
) -> GroupSearches:
    """`groups` is by the number that photographs carry of their person; others are on lists, and are not searched for.

    TooFew where `listed` others are not there.
    """
    if len(sample.images) <= listed:
        raise TooFew(f"A list of {listed:,} others needs {listed + 1:,} people; there are {len(sample.images):,}.")
    rng = np.random.default_rng(seed)
    shuffled = [rng.permutation(own) for own in sample.images]
    probes, references = np.array([own[-1] for own in shuffled]), np.array([own[0] for own in shuffled])
    group = np.array([groups.get(sample.photographs[own[0]].person, "") for own in shuffled])
    names = sorted(set(groups.values()))
    places = {name: np.flatnonzero(group == name) for name in names}
    within = min(listed, min((len(own) for own in places.values() if len(own)), default=1) - 1)
    mates = np.array([len(own) > 1 for own in shuffled])
    own_scores = np.einsum("nd,nd->n", sample.templates[probes], sample.templates[references])

    def false(name: str, others: NDArray[np.int64], count: int) -> Share:
        lists = [_drawn(others, int(person), count, rng) for person in places[name]] if count else []
        hits = _hits(sample, probes[places[name][: len(lists)]], references, lists, threshold)
        return Share(hits, len(lists))

    everybody = np.arange(len(shuffled))
    return GroupSearches(
        found={
            name: Share(int((own_scores[own][mates[own]] >= threshold).sum()), int(mates[own].sum()))
            for name, own in places.items()
        },
        false={name: false(name, everybody, listed) for name in names},
        listed=listed,
        false_within={name: false(name, places[name], within) for name in names},
        listed_within=within,
    )


def _drawn(others: NDArray[np.int64], person: int, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """`count` of the others, without the person."""
    drawn = rng.choice(others, count + 1, replace=False)
    return drawn[drawn != person][:count]


def _hits(
    sample: Sample,
    probes: NDArray[np.int64],
    references: NDArray[np.int64],
    lists: list[NDArray[np.int64]],
    threshold: float,
) -> int:
    """Probes that reach the threshold with anybody on their list."""
    hits = 0
    for at in range(0, len(probes), BLOCK):
        scores = sample.templates[probes[at : at + BLOCK]] @ sample.templates[references].T
        best = [row[on_list].max() for row, on_list in zip(scores, lists[at : at + BLOCK], strict=True)]
        hits += int((np.array(best) >= threshold).sum())
    return hits
