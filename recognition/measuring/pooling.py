"""Of a subject's several reference images, which is held against a face? Measured on people with images enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.fusing import DRAWS, FPIRS, Spread, spread
from recognition.measuring.photographs import Photograph
from recognition.pipeline.embed import unit
from recognition.pipeline.types import Templates

ONE, BEST_IMAGE = "one image", "the likest image"
ADOPTED = "the likest image or the mean template"
FALSE_AT = 0.01  # FPIR with one image each, at whose threshold false alerts are compared

Scores = NDArray[np.float32]  # (searches, subjects, images)
Way = Callable[[Scores, Scores], Scores]  # with (searches, subjects) of the mean template, to (searches, subjects)


@dataclass(frozen=True, slots=True)
class Pooling:
    """Listed people found by one way of using `images` reference images of each."""

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


@dataclass(frozen=True, slots=True, eq=False)
class _List:
    """One draw: who is listed, by which images, and one photograph of everybody who is searched for."""

    images: NDArray[np.float32]  # (listed, images, dimension)
    mated: Templates  # (listed, dimension)
    strangers: Templates


def poolings(
    photographs: Sequence[Photograph], *, images: int, listed: int, draws: int = DRAWS, seed: int = 0
) -> list[Pooling]:
    """Every way with `images` references for each of `listed` people, drawn anew `draws` times; searched for is another
    photograph of each, and one of everybody else. ValueError where fewer than `listed` have images enough."""
    by_person: dict[int, list[Templates]] = {}
    for photograph in photographs:
        by_person.setdefault(photograph.person, []).append(photograph.template)
    people = [np.stack(own) for own in by_person.values()]
    able = [row for row, own in enumerate(people) if len(own) > images]
    if len(able) < listed:
        raise ValueError(f"{listed} people to list need {images + 1} images each; {len(able)} have them.")
    rng = np.random.default_rng(seed)
    figures = [_measured(_drawn(people, able, images, listed, rng)) for _ in range(draws)]
    tables = {way: np.array([each[way] for each in figures]) for way in WAYS}
    return [
        Pooling(
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


def _drawn(people: list[Templates], able: list[int], images: int, listed: int, rng: np.random.Generator) -> _List:
    on_list = [able[i] for i in rng.permutation(len(able))[:listed]]
    shuffled = [rng.permutation(people[row]) for row in on_list]
    left = sorted(set(range(len(people))) - set(on_list))
    return _List(
        images=np.stack([own[:images] for own in shuffled]),
        mated=np.stack([own[images] for own in shuffled]),
        strangers=np.stack([people[row][0] for row in left]),
    )


def _measured(drawn: _List) -> dict[str, list[float]]:
    """For each way TPIR at each of FPIRS, and FPIR at the threshold where one image each has FALSE_AT."""
    own = {way: scores.diagonal() for way, scores in _by_way(drawn, drawn.mated).items()}
    best = {way: scores.max(axis=1) for way, scores in _by_way(drawn, drawn.strangers).items()}
    usual = np.quantile(best[ONE], 1 - FALSE_AT)
    return {
        way: [
            *(float((own[way] > np.quantile(best[way], 1 - fpir, method="higher")).mean()) for fpir in FPIRS),
            float((best[way] >= usual).mean()),
        ]
        for way in WAYS
    }


def _by_way(drawn: _List, probes: Templates) -> dict[str, Scores]:
    """(probes, listed) scores by each way."""
    listed, images, dimension = drawn.images.shape
    scores = (probes @ drawn.images.reshape(-1, dimension).T).reshape(len(probes), listed, images)
    pooled = probes @ unit(drawn.images.mean(axis=1)).T
    return {name: way(scores, pooled) for name, way in WAYS.items()}
