"""How could the scores of a passage's frames become one? Every rule that was tried, as arithmetic on arrays.

The pipeline's own way is `evidence.fused`; it is measured beside these by what `decide` makes of it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recognition.pipeline.embed import unit
from recognition.pipeline.types import Templates

Scores = NDArray[np.float32]
Rule = Callable[[Scores, NDArray[np.float64]], Scores]  # (frames, references) and (frames,) qualities to (references,)
Normal = Callable[[NDArray[np.float64]], NDArray[np.float64]]  # qualities to (2, frames) means and deviations

BEST_FRAME = "single best frame"


def weighted(power: float) -> Rule:
    """The mean, each frame weighted by a power of its quality."""
    return lambda scores, quality: _floats((quality**power / (quality**power).sum()) @ scores)


def best_scores(count: int) -> Rule:
    """The mean of each reference's best `count` scores, of all where there are fewer."""
    return lambda scores, _: _floats(np.sort(scores, axis=0)[-count:].mean(axis=0))


def best_share(share: float) -> Rule:
    """The mean of the best `share` of each reference's scores, of one at least."""
    return lambda scores, _: _floats(np.sort(scores, axis=0)[-int(np.ceil(share * len(scores))) :].mean(axis=0))


def best_qualities(count: int) -> Rule:
    """The mean over the `count` frames of best quality."""
    return lambda scores, quality: _floats(scores[np.argsort(-quality, kind="stable")[:count]].mean(axis=0))


def best_so_far(scores: Scores, quality: NDArray[np.float64]) -> Scores:
    """The score of the frame of best quality, asked for after each frame: the highest of those it ever was."""
    return _floats(scores[quality >= np.maximum.accumulate(quality)].max(axis=0))


def agreeing(count: int) -> Rule:
    """The score that `count` frames reach; 0 where there are not so many."""
    return lambda scores, _: np.sort(scores, axis=0)[-count] if len(scores) >= count else np.zeros_like(scores[0])


def trimmed(share: float = 0.2) -> Rule:
    """The mean without the lowest and the highest `share` of the scores."""

    def rule(scores: Scores, _: NDArray[np.float64]) -> Scores:
        cut = int(share * len(scores))
        return _floats(np.sort(scores, axis=0)[cut : len(scores) - cut].mean(axis=0))

    return rule


def likelihoods(mated: Normal, non_mated: Normal, *, correlation: float) -> Rule:
    """Sum over frames of log N(score; mated) - log N(score; non-mated), divided by 1 + (frames - 1) `correlation`.

    The divisor is that of the variance of a mean of equally correlated values: with 1, frames count as one; with 0, as
    independent.
    """

    def rule(scores: Scores, quality: NDArray[np.float64]) -> Scores:
        ratios = _log_density(scores, mated(quality)) - _log_density(scores, non_mated(quality))
        return _floats(ratios.sum(axis=0) / (1 + (len(scores) - 1) * correlation))

    return rule


def pooled(templates: Templates, quality: NDArray[np.float64]) -> Templates:
    """(1, dimension): the frames' templates, weighted by quality, averaged to one of unit length.

    Measured to say what it would give. A template does not outlive its frame (docs/decisions/0004), so no passage is
    decided by this.
    """
    return unit(_floats((quality @ templates)[np.newaxis]))


REACHED_BY = {f"score that {count} frames reach": count for count in range(2, 6)}

RULES: dict[str, Rule] = {
    BEST_FRAME: best_qualities(1),
    "... so far, asked after each frame": best_so_far,
    "first usable frame": lambda scores, _: scores[0],
    "best score": best_scores(1),
    "mean": weighted(0),
    "mean weighted by quality": weighted(1),
    "... by its square": weighted(2),
    "... by its fourth power": weighted(4),
    "median": lambda scores, _: _floats(np.median(scores, axis=0)),
    "mean without highest and lowest fifth": trimmed(),
    "mean of the two best scores": best_scores(2),
    "mean of the three best scores": best_scores(3),
    "mean of the four best scores": best_scores(4),
    "mean of the five best scores": best_scores(5),
    "mean of the better half": best_share(0.5),
    "mean of the best third": best_share(1 / 3),
    "mean of the three best qualities": best_qualities(3),
    "mean of the five best qualities": best_qualities(5),
    **{name: agreeing(count) for name, count in REACHED_BY.items()},
}


def _log_density(scores: Scores, normal: NDArray[np.float64]) -> NDArray[np.float64]:
    mean, deviation = normal[:, :, np.newaxis]
    return -0.5 * ((scores - mean) / deviation) ** 2 - np.log(deviation)


def _floats(values: NDArray) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)
