"""Whom does a first look pass over, and how many faces does it send on to a closer one?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.searches import BLOCK, Sample, draw_lists
from recognition.pipeline.limits import LIVE
from recognition.pipeline.types import Policy
from watchlist.calibration import Frames
from watchlist.intervals import Share


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Searches over all draws, at the threshold of one list."""

    listed: int
    threshold: float
    passed_over: Share  # of the listed whose closer look reaches the threshold: not looked at closely
    sent_on: Share  # of people who are not listed: looked at closely


def first_look(sample: Sample, *, listed: int, threshold: float, spread: float, draws: int, seed: int = 0) -> FirstLook:
    """One image each, listed and searched for. TooFew as `draw_lists`."""
    floor = Policy(threshold=threshold, spread=spread, quality=LIVE).glance_floor
    found = passed_over = sent_on = strangers = 0
    for drawn in draw_lists(sample, listed=listed, draws=draws, seed=seed):
        references = sample.templates[drawn.references]
        probes, rows = np.concatenate(drawn.rest), np.repeat(np.arange(listed), [len(rest) for rest in drawn.rest])
        mated = np.einsum("nd,nd->n", sample.templates[probes], references[rows]) >= threshold
        found += int(mated.sum())
        passed_over += int((mated & ~_sent_on(sample, probes, references, floor)).sum())
        alone = sample.alone[Frames.SINGLE].ravel()
        others = alone[~np.isin(sample.people[alone], drawn.people)]
        strangers += len(others)
        sent_on += int(_sent_on(sample, others, references, floor).sum())
    return FirstLook(listed, threshold, Share(passed_over, found), Share(sent_on, strangers))


def _sent_on(
    sample: Sample, probes: NDArray[np.int64], references: NDArray[np.float32], floor: float
) -> NDArray[np.bool_]:
    """(n,) whether the first look at each resembles anybody listed."""
    parts = [sample.glances[probes[at : at + BLOCK]] @ references.T for at in range(0, len(probes), BLOCK)]
    return np.concatenate([np.zeros(0, bool), *(part.max(axis=1) >= floor for part in parts)])
