"""How often does enrolment ask in vain, and how often not where it should? On labelled photographs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.photographs import Photograph
from recognition.packs.likelihood import alike_threshold, one_person_threshold
from watchlist.calibration import Calibration

FOREIGN = 50  # images of others held against each set of images of a person


@dataclass(frozen=True, slots=True)
class Fit:
    """A new image against those of its entry, by the closest of them."""

    images: int  # of the entry, before the new one
    mated: int  # new images of the same person
    mates_warned: float  # share of them that are asked about
    foreign: int  # new images of somebody else
    foreign_caught: float  # share of them that are asked about


@dataclass(frozen=True, slots=True)
class Twice:
    """A new image against one image each of `listed` other entries: shares by what is asked, means over draws."""

    listed: int
    alike: float  # threshold
    one_person: float  # threshold
    twice: int  # new images of people listed already, over all draws
    twice_as_one: float  # asked whether it is one person listed twice
    twice_as_alike: float  # asked as of two who look alike
    single: int  # new images of people not listed yet
    single_as_one: float
    single_as_alike: float  # but not as one


def fit(photographs: Sequence[Photograph], *, threshold: float, most: int = 4, seed: int = 0) -> list[Fit]:
    """For entries of 1 to `most` images. Every image of a person who has more is once the new one."""
    rng = np.random.default_rng(seed)
    templates, by_person = _by_person(photographs)
    return [_fit(templates, by_person, images, threshold, rng) for images in range(1, most + 1)]


def _fit(
    templates: NDArray[np.float32], by_person: list[list[int]], images: int, threshold: float, rng: np.random.Generator
) -> Fit:
    mated, foreign = [], []
    for own in by_person:
        for new in own if len(own) > images else ():
            there = templates[rng.permutation([row for row in own if row != new])[:images]]
            mated.append((there @ templates[new]).max() < threshold)
            others = np.setdiff1d(rng.integers(len(templates), size=FOREIGN), own)
            foreign.extend((templates[others] @ there.T).max(axis=1) < threshold)
    return Fit(images, len(mated), float(np.mean(mated)), len(foreign), float(np.mean(foreign)))


def twice(
    photographs: Sequence[Photograph],
    calibration: Calibration,
    *,
    listed: Sequence[int],
    draws: int = 100,
    seed: int = 0,
) -> list[Twice]:
    """For lists of these lengths, drawn anew `draws` times; new are one other image of each listed person who has one,
    and one image of everybody who is not listed."""
    rng = np.random.default_rng(seed)
    templates, by_person = _by_person(photographs)
    return [_twice(templates, by_person, calibration, length, draws, rng) for length in listed]


def _twice(
    templates: NDArray[np.float32],
    by_person: list[list[int]],
    calibration: Calibration,
    listed: int,
    draws: int,
    rng: np.random.Generator,
) -> Twice:
    alike = alike_threshold(calibration, compared=listed)
    limit = max(alike, one_person_threshold(calibration, compared=listed))
    again, single = [], []
    for _ in range(draws):
        order = rng.permutation(len(by_person))
        images = [rng.permutation(by_person[person]) for person in order]
        references = templates[[own[0] for own in images[:listed]]]
        rows = [row for row in range(listed) if len(images[row]) > 1]
        again.append((templates[[images[row][1] for row in rows]] * references[rows]).sum(axis=1))
        single.append((templates[[own[0] for own in images[listed:]]] @ references.T).max(axis=1))
    same, best = np.concatenate(again), np.concatenate(single)
    return Twice(
        listed=listed,
        alike=alike,
        one_person=limit,
        twice=len(same),
        twice_as_one=float((same >= limit).mean()),
        twice_as_alike=float(((same >= alike) & (same < limit)).mean()),
        single=len(best),
        single_as_one=float((best >= limit).mean()),
        single_as_alike=float(((best >= alike) & (best < limit)).mean()),
    )


def _by_person(photographs: Sequence[Photograph]) -> tuple[NDArray[np.float32], list[list[int]]]:
    """Templates (n, dimension) of the photographs good enough to be used, and the rows of each person."""
    usable = [photograph for photograph in photographs if photograph.quality.usable]
    rows: dict[int, list[int]] = {}
    for row, photograph in enumerate(usable):
        rows.setdefault(photograph.person, []).append(row)
    return np.stack([photograph.template for photograph in usable]), list(rows.values())
