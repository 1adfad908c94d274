"""How accurate is a pack? Verification and open-set identification on labelled photographs, after ISO/IEC 19795."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.comparisons import PASSAGE, single_comparisons
from recognition.measuring.photographs import Photograph
from recognition.packs.calibration import Frames
from recognition.pipeline.types import Templates

FOLDS = 10
FPIRS = (0.1, 0.01, 0.001)


@dataclass(frozen=True, slots=True)
class VerificationAccuracy:
    """Same person or not, over all mated pairs and as many non-mated ones."""

    pairs: int
    accuracy: float  # mean over folds, threshold chosen on the others
    std: float
    eer: float


@dataclass(frozen=True, slots=True)
class Identification:
    """Open-set search: the share of listed people found (TPIR) where a share FPIR of the unlisted is found too."""

    listed: int
    frames: Frames
    fpir: float
    tpir: float  # mean over draws of who is listed
    tpir_sd: float
    threshold: float


@dataclass(frozen=True, slots=True, eq=False)
class _Searches:
    """Scores of one draw: listed people against their own reference, the others' best against any."""

    mated: NDArray[np.float32]
    non_mated: NDArray[np.float32]


def verification(photographs: Sequence[Photograph], *, seed: int = 0) -> VerificationAccuracy:
    """Ten-fold accuracy and equal error rate; folds are of pairs, a person may be in several."""
    rng = np.random.default_rng(seed)
    mated = single_comparisons(photographs, mated=True).scores
    strangers = single_comparisons(photographs, mated=False).scores
    non_mated = rng.choice(strangers, len(mated), replace=False)
    scores = np.concatenate([mated, non_mated])
    same = np.repeat([True, False], len(mated))
    fold = rng.permutation(len(scores)) % FOLDS
    results = [
        np.mean((scores[fold == i] >= _best_threshold(scores[fold != i], same[fold != i])) == same[fold == i])
        for i in range(FOLDS)
    ]
    return VerificationAccuracy(len(scores), float(np.mean(results)), float(np.std(results)), _eer(mated, non_mated))


def identification(
    photographs: Sequence[Photograph], *, listed: int, frames: Frames, draws: int = 100, seed: int = 0
) -> list[Identification]:
    """TPIR at each FPIR with `listed` people on the list by one image each, drawn anew `draws` times.

    An FPIR of which the searches of unlisted people would hold less than one is left out: it cannot be measured.
    ValueError where too few people have images enough: two each for single frames, four for passages.
    """
    rng = np.random.default_rng(seed)
    by_person: dict[int, list[Photograph]] = {}
    for photograph in photographs:
        by_person.setdefault(photograph.person, []).append(photograph)
    searches = [_draw(list(by_person.values()), listed, frames, rng) for _ in range(draws)]
    fewest = min(len(search.non_mated) for search in searches)
    return [_at(fpir, searches, listed, frames) for fpir in FPIRS if fpir * fewest >= 1]


def _draw(people: list[list[Photograph]], listed: int, frames: Frames, rng: np.random.Generator) -> _Searches:
    size = PASSAGE if frames is Frames.PASSAGE else 1
    known = [own for own in people if len(own) >= 2]
    if len(known) < listed:
        raise ValueError(f"{listed} people to list need two images each; {len(known)} have them.")
    chosen = rng.permutation(len(known))[:listed]
    own_images = [[known[i][j] for j in rng.permutation(len(known[i]))] for i in chosen]
    references = np.stack([images[0].template for images in own_images])
    rest = [images[1:] for images in own_images]
    mates = [(row, p) for row, images in enumerate(rest) for p in _passages(images, size)]
    listed_people = {images[0].person for images in own_images}
    strangers = [p for own in people if own[0].person not in listed_people for p in _passages(own, size)]
    if not mates or not strangers:
        raise ValueError(f"Nobody has images enough for a {frames} search of {listed} people listed.")
    return _Searches(
        mated=np.array([_fused(passage, references[[row]])[0] for row, passage in mates]),
        non_mated=np.array([_fused(passage, references).max() for passage in strangers]),
    )


def _passages(images: list[Photograph], size: int) -> list[list[Photograph]]:
    """Images in groups of `size`, each used once; what is left over is left out."""
    return [images[i : i + size] for i in range(0, len(images) - size + 1, size)]


def _fused(passage: list[Photograph], references: Templates) -> NDArray[np.float32]:
    """Quality-weighted mean of the passage's scores against each reference, as `evidence.fused` takes it."""
    weights = np.array([max(photograph.quality.value, 0.05) for photograph in passage], np.float32)
    templates = np.stack([photograph.template for photograph in passage])
    return np.asarray(weights / weights.sum() @ (templates @ references.T), dtype=np.float32)


def _at(fpir: float, searches: list[_Searches], listed: int, frames: Frames) -> Identification:
    thresholds = np.array([np.quantile(search.non_mated, 1 - fpir, method="higher") for search in searches])
    pairs = zip(searches, thresholds, strict=True)
    tpirs = [float((search.mated > threshold).mean()) for search, threshold in pairs]
    return Identification(listed, frames, fpir, float(np.mean(tpirs)), float(np.std(tpirs)), float(np.mean(thresholds)))


def _best_threshold(scores: NDArray[np.float32], same: NDArray[np.bool_]) -> float:
    order = np.argsort(-scores)
    right = np.cumsum(np.where(same[order], 1, -1))  # pairs gained by accepting down to here
    return float(scores[order[int(right.argmax())]])


def _eer(mated: NDArray[np.float32], non_mated: NDArray[np.float32]) -> float:
    thresholds = np.sort(np.concatenate([mated, non_mated]))
    missed = np.searchsorted(np.sort(mated), thresholds, side="left") / len(mated)
    accepted = 1 - np.searchsorted(np.sort(non_mated), thresholds, side="left") / len(non_mated)
    nearest = int(np.abs(missed - accepted).argmin())
    return float((missed[nearest] + accepted[nearest]) / 2)
