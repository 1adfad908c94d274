"""What do searches of a list give? Draws of who is listed, and the scores of everybody who is then searched for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.comparisons import PASSAGE
from recognition.measuring.errors import TooFew
from recognition.measuring.photographs import Photograph
from watchlist.calibration import Frames

SIZES = {Frames.SINGLE: 1, Frames.PASSAGE: PASSAGE}  # images of a search
BLOCK = 1024  # searches at once: with 2,000 people listed 8 MB of scores for each image of a passage


@dataclass(frozen=True)
class Sample:
    """Photographs as arrays, and which are whose."""

    photographs: Sequence[Photograph]

    @cached_property
    def templates(self) -> NDArray[np.float32]:
        return np.stack([photograph.template for photograph in self.photographs])

    @cached_property
    def glances(self) -> NDArray[np.float32]:
        return np.stack([photograph.glance for photograph in self.photographs])

    @cached_property
    def images(self) -> list[NDArray[np.int64]]:
        """Of each person with a face found, the places of the photographs."""
        people = np.array([photograph.person for photograph in self.photographs], np.int64)
        order = np.argsort(people, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(people[order])) + 1) if len(people) else []

    @cached_property
    def people(self) -> NDArray[np.int64]:
        """(n,) whose each photograph is; places in `images`."""
        people = np.zeros(len(self.photographs), np.int64)
        for place, own in enumerate(self.images):
            people[own] = place
        return people

    @cached_property
    def alone(self) -> dict[Frames, NDArray[np.int64]]:
        """(searches, images) of everybody, for when they are not listed: all images in order, each used once."""
        return {frames: np.concatenate([_groups(own, SIZES[frames]) for own in self.images]) for frames in Frames}

    @cached_property
    def with_mates(self) -> NDArray[np.int64]:
        """People who can be listed by one image and searched for by another; places in `images`."""
        return np.array([place for place, own in enumerate(self.images) if len(own) > 1], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """One draw of a list: a reference image for each of some people, and what is left of them to search for."""

    people: NDArray[np.int64]  # (n,) places in `Sample.images`
    references: NDArray[np.int64]  # (n,) places of photographs
    rest: tuple[NDArray[np.int64], ...]  # for each of the people


@dataclass(frozen=True, slots=True, eq=False)
class Searches:
    """Scores of all searches of one list. A search is made with one image, or with several that pass together."""

    probes: NDArray[np.int64]  # (mated, images of a search)
    people: NDArray[np.int64]  # (mated,) places in `Sample.images`
    mated: NDArray[np.float32]  # (mated,) against the person's own reference
    others: NDArray[np.float32]  # (mated,) the best against anybody else's, -1 where nobody else is listed
    non_mated: NDArray[np.float32]  # (non-mated,) the best against anybody's, of people who are not listed


def draw_lists(sample: Sample, *, listed: int, draws: int, seed: int) -> list[Listed]:
    """`draws` lists of `listed` people, each by one image. TooFew where fewer people have two images, or nobody would
    be left who is not listed."""
    known = len(sample.with_mates)
    if listed > known:
        raise TooFew(f"Lists of {listed:,} cannot be drawn: {known:,} people have a face found in two images or more.")
    if listed == len(sample.images):
        raise TooFew(f"With {listed:,} people listed nobody is left who is not.")
    rng = np.random.default_rng(seed)
    return [_draw(sample, listed, rng) for _ in range(draws)]


def searches(sample: Sample, listed: Listed, frames: Frames) -> Searches:
    """Everybody searched for: the listed by what is left of them, all others by all their images, each image once.

    Of a passage what is left over after groups of three is not used.
    """
    size = SIZES[frames]
    groups = [_groups(rest, size) for rest in listed.rest]
    probes, rows = np.concatenate(groups), np.repeat(np.arange(len(groups)), [len(own) for own in groups])
    mated, others = _mated(sample, probes, rows, listed.references)
    alone = sample.alone[frames]
    strangers = alone[~np.isin(sample.people[alone[:, 0]], listed.people)]
    return Searches(
        probes=probes,
        people=listed.people[rows],
        mated=mated,
        others=others,
        non_mated=_best(sample, strangers, listed.references),
    )


def fused(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, images, listed) scores to (n, listed), as `evidence.fused` takes those of a track of so few frames."""
    together = scores[:, 0].copy()
    for image in range(1, scores.shape[1]):  # one after the other: half the time of a sum over the axis
        together += scores[:, image]
    return np.asarray(together / scores.shape[1], np.float32)


def _draw(sample: Sample, listed: int, rng: np.random.Generator) -> Listed:
    people = rng.permutation(sample.with_mates)[:listed]
    shuffled = [rng.permutation(sample.images[person]) for person in people]
    return Listed(people, np.array([own[0] for own in shuffled]), tuple(own[1:] for own in shuffled))


def _groups(images: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    whole = len(images) // size
    return images[: whole * size].reshape(whole, size)


def _mated(
    sample: Sample, probes: NDArray[np.int64], rows: NDArray[np.int64], references: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    own, others = [np.zeros(0, np.float32)], [np.zeros(0, np.float32)]
    for at in range(0, len(probes), BLOCK):
        scores = _scores(sample, probes[at : at + BLOCK], references)
        place = np.arange(len(scores)), rows[at : at + BLOCK]
        own.append(scores[place])
        scores[place] = -1
        others.append(scores.max(axis=1))
    return np.concatenate(own), np.concatenate(others)


def _best(sample: Sample, probes: NDArray[np.int64], references: NDArray[np.int64]) -> NDArray[np.float32]:
    blocks = [_scores(sample, probes[at : at + BLOCK], references) for at in range(0, len(probes), BLOCK)]
    return np.concatenate([np.zeros(0, np.float32), *(scores.max(axis=1) for scores in blocks)])


def _scores(sample: Sample, probes: NDArray[np.int64], references: NDArray[np.int64]) -> NDArray[np.float32]:
    """(n, images) probes against the references: (n, listed)."""
    scores = sample.templates[probes.ravel()] @ sample.templates[references].T
    return fused(scores.reshape(*probes.shape, len(references)))
