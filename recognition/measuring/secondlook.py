"""What does DeepFace.verify remove? Candidates put through the product's own verification, as an alert would be."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.pairs import pairs_over
from recognition.measuring.photographs import central_face
from recognition.measuring.reading import Reading
from recognition.measuring.spreading import spread
from recognition.packs import registry
from recognition.packs.deepface_models import register_with_deepface
from recognition.packs.registry import Pack
from recognition.packs.verification import verify
from recognition.pipeline.cover import alone, kept_picture
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.picture import read_picture
from watchlist.intervals import Share

ANY_DISTANCE = 2.0  # only the distances are wanted here, and a new pack has no limit yet


@dataclass(frozen=True, slots=True, eq=False)
class SecondLook:
    """Distances that DeepFace found between the pictures of candidates; infinite where it saw no face.

    A candidate further away than the limit is removed.
    """

    mated: NDArray[np.float64]
    non_mated: NDArray[np.float64]
    mated_candidates: int  # of which `mated` are a sample
    non_mated_candidates: int

    def removed(self, distance: float) -> tuple[Share, Share]:
        """Of true and of false candidates, at this limit."""
        true, false = (Share(int((kind > distance).sum()), len(kind)) for kind in (self.mated, self.non_mated))
        return true, false

    def distance_losing(self, share: float) -> float:
        """The lowest limit that removes at most `share` of the true candidates; ValueError where there are none."""
        if not len(self.mated):
            raise ValueError("There is no true candidate.")
        return float(np.quantile(self.mated, 1 - share, method="higher"))


@dataclass(frozen=True, slots=True)
class _Candidate:
    pack: str
    cache: Path
    probe: Path
    reference: Path


def second_look(
    reading: Reading, threshold: float, *, pack: str, cache: Path, most: int, seed: int, jobs: int, quiet: bool
) -> SecondLook:
    """Pairs of photographs at or above `threshold`, of each kind `most` drawn at random: the crop of the first against
    the whole of the second, other faces covered in both."""
    rng = np.random.default_rng(seed)
    over = [pairs_over(reading.photographs, threshold, mated=mated) for mated in (True, False)]
    drawn = [rng.permutation(pairs)[:most] for pairs in over]
    candidates = [_Candidate(pack, cache, reading.paths[a], reading.paths[b]) for a, b in np.concatenate(drawn)]
    found = spread(
        _distance, candidates, pack=pack, cache=cache, jobs=jobs, title="Verifying", unit="pairs", quiet=quiet
    )
    distances, true = np.array(list(found)), len(drawn[0])
    return SecondLook(distances[:true], distances[true:], len(over[0]), len(over[1]))


def _distance(engine: Engine, candidate: _Candidate) -> float:
    pack = _register(engine, candidate.pack, candidate.cache)
    probe, reference = (read_picture(path.read_bytes()) for path in (candidate.probe, candidate.reference))
    face, other = central_face(engine, probe), central_face(engine, reference)
    if face is None or other is None:
        raise RuntimeError(f"{candidate.probe} and {candidate.reference} had faces when they were read.")
    crop = kept_picture(engine.detector, probe, face, others=()).picture
    answer = verify(crop, alone(engine.detector, reference, other), pack=pack, threshold=ANY_DISTANCE)
    return np.inf if answer.distance is None else answer.distance


@cache
def _register(engine: Engine, pack: str, home: Path) -> Pack:
    """Once in a process, before DeepFace is first imported: it makes a folder for weights then, at home unless told."""
    os.environ["DEEPFACE_HOME"] = str(home)
    found = registry.find(pack)
    register_with_deepface(engine, found)
    return found
