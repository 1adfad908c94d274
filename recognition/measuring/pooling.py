"""Of a subject's several reference images, which is held against a face? Measured on people with images enough."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.fusing import DRAWS, FPIRS, Spread, spread
from recognition.measuring.fusion import best_scores
from recognition.measuring.passages import Passages
from recognition.measuring.photographs import Photograph
from recognition.pipeline.embed import unit
from recognition.pipeline.evidence import BEST
from recognition.pipeline.types import Templates

ONE, BEST_IMAGE = "one image", "the likest image"
ADOPTED = "the likest image or the mean template"
SAME = 0.999  # score of two templates of one and the same picture
FALSE_AT = 0.01  # FPIR with one image each, at whose threshold false alerts are compared

Scores = NDArray[np.float32]  # (frames, subjects, images)
Way = Callable[[Scores, Scores], Scores]  # with (frames, subjects) of the mean template, to (frames, subjects)


@dataclass(frozen=True, slots=True)
class Pooling:
    """Listed people found by one way of using `images` reference images of each."""

    footage: str
    way: str
    images: int
    listed: int
    fpir: float
    tpir: Spread
    gain: Spread  # over the likest image
    false_alerts: float  # at the threshold of FPIR 1 % with one image each, as a multiple of that


WAYS: dict[str, Way] = {
    ONE: lambda scores, _: scores[:, :, 0],
    BEST_IMAGE: lambda scores, _: scores.max(axis=2),
    "the mean of the two likest": lambda scores, _: np.sort(scores, axis=2)[:, :, -2:].mean(axis=2),
    "the mean template": lambda _, pooled: pooled,
    ADOPTED: lambda scores, pooled: np.maximum(scores.max(axis=2), pooled),
}
AFTER = "the likest image, after the frames of each are fused"


@dataclass(frozen=True, slots=True, eq=False)
class _Person:
    images: Templates  # photographs that can be references
    frames: Templates | None  # that pass; None where one of the photographs left over does


@dataclass(frozen=True, slots=True, eq=False)
class _List:
    """One draw: who is listed, by which images, and the frames of everybody else."""

    images: NDArray[np.float32]  # (listed, images, dimension)
    mated: list[Templates]  # of each person listed
    strangers: list[Templates]


def poolings(
    photographs: Sequence[Photograph],
    *,
    images: int,
    listed: int,
    passages: Passages | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> list[Pooling]:
    """Every way with `images` references for each of `listed` people, drawn anew `draws` times.

    Searched for is another photograph of each, or their passage out of `passages`. ValueError where fewer than `listed`
    have images enough.
    """
    people = _people(photographs, passages)
    needed = images + (passages is None)
    able = [row for row, person in enumerate(people) if len(person.images) >= needed]
    if len(able) < listed:
        raise ValueError(f"{listed} people to list need {needed} images each; {len(able)} have them.")
    rng = np.random.default_rng(seed)
    found: dict[str, list[list[float]]] = {}
    for _ in range(draws):
        for way, figures in _measured(_drawn(people, able, images, listed, rng)).items():
            found.setdefault(way, []).append(figures)
    tables = {way: np.array(figures) for way, figures in found.items()}
    return [
        Pooling(
            footage=passages.footage if passages else "one photograph",
            way=way,
            images=images,
            listed=listed,
            fpir=fpir,
            tpir=spread(table[:, i]),
            gain=spread(table[:, i] - tables[BEST_IMAGE][:, i]),
            false_alerts=float(table[:, -1].mean() / tables[ONE][:, -1].mean()),
        )
        for way, table in tables.items()
        for i, fpir in enumerate(FPIRS)
    ]


def _people(photographs: Sequence[Photograph], passages: Passages | None) -> list[_Person]:
    by_person: dict[int, list[Templates]] = {}
    for photograph in photographs:
        by_person.setdefault(photograph.person, []).append(photograph.template[np.newaxis])
    if passages is None:
        return [_Person(np.concatenate(own), None) for own in by_person.values()]
    people = []
    for passage in passages.items:
        if len(passage.templates) and passage.person in by_person:
            own = np.concatenate(by_person[passage.person])
            people.append(_Person(own[(own @ passage.still[0]) < SAME], passage.templates))
    return people


def _drawn(people: list[_Person], able: list[int], images: int, listed: int, rng: np.random.Generator) -> _List:
    on_list = [able[i] for i in rng.permutation(len(able))[:listed]]
    shuffled = {row: rng.permutation(people[row].images) for row in on_list}
    left = set(range(len(people))) - set(on_list)
    return _List(
        images=np.stack([shuffled[row][:images] for row in on_list]),
        mated=[_passing(people[row], shuffled[row][images : images + 1]) for row in on_list],
        strangers=[_passing(people[row], people[row].images[:1]) for row in sorted(left)],
    )


def _passing(person: _Person, otherwise: Templates) -> Templates:
    return otherwise if person.frames is None else person.frames


def _measured(drawn: _List) -> dict[str, list[float]]:
    """For each way TPIR at each of FPIRS, and FPIR at the threshold where one image each has FALSE_AT."""
    mated = [scores[:, row] for row, scores in enumerate(_by_way(drawn, drawn.mated))]  # [(ways,)]
    strangers = np.stack([scores.max(axis=1) for scores in _by_way(drawn, drawn.strangers)])  # (strangers, ways)
    own = np.stack(mated)
    names = [*WAYS, AFTER]
    usual = np.quantile(strangers[:, names.index(ONE)], 1 - FALSE_AT)
    return {
        name: [
            *(float((own[:, i] > np.quantile(strangers[:, i], 1 - fpir, method="higher")).mean()) for fpir in FPIRS),
            float((strangers[:, i] >= usual).mean()),
        ]
        for i, name in enumerate(names)
    }


def _by_way(drawn: _List, passing: list[Templates]) -> Iterator[NDArray[np.float32]]:
    """(ways, listed) fused scores of each who passes; the last way is AFTER."""
    means = unit(drawn.images.mean(axis=1))
    listed, images, dimension = drawn.images.shape
    rows = drawn.images.reshape(-1, dimension)
    fuse, equal = best_scores(BEST), np.ones(0)
    for frames in passing:
        scores, pooled = (frames @ rows.T).reshape(len(frames), listed, images), frames @ means.T
        fused = [fuse(way(scores, pooled), equal) for way in WAYS.values()]
        after = fuse(scores.reshape(len(frames), -1), equal).reshape(listed, images).max(axis=1)
        yield np.stack([*fused, after])
