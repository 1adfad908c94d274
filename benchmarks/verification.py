"""Where must DeepFace.verify say no? The distance that loses at most 1 % of mated candidates, and what it removes.

    python benchmarks/verification.py DIR [--pack dlib] [--listed 250] [--fpir 0.01] [--lost 0.01] [--json]

DIR holds one folder per person. Every pair of images is scored as the pipeline does it; candidates are the pairs
over the threshold that a list of --listed people has at a false positive identification rate of --fpir. Each
candidate then goes through the product's own verification call: the crop of the first image against the whole of the
second, other faces covered in both. Mated candidates give the distance; the share of non-mated candidates above it is
what verification removes.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

os.environ["DEEPFACE_BACKEND_ENGINE"] = "onnx"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cv2
import numpy as np
from deepface.config.threshold import thresholds

from recognition.packs import registry
from recognition.packs.deepface_models import register_with_deepface
from recognition.packs.verification import Reason, Verification, verify
from recognition.pipeline.align import align
from recognition.pipeline.cover import alone, kept_picture
from recognition.pipeline.detect import detect_in_still
from recognition.pipeline.embed import embed
from recognition.pipeline.types import Engine, Face, Image

MIN_FACE = 40
ANY_DISTANCE = 2.0  # only the distances are wanted here, and a new pack has no limit yet
MOST_FALSE = 2000  # non-mated candidates verified, highest scores first


@dataclass(frozen=True, eq=False)
class Sample:
    person: str
    path: Path
    face: Face
    template: np.ndarray


def read(path: Path) -> Image | None:
    return cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)


def samples(folder: Path, engine: Engine) -> list[Sample]:
    """One per image: the face nearest to the centre; images without one are left out."""
    found = []
    for path in sorted(p for p in folder.glob("*/*") if p.suffix.lower() in {".jpg", ".jpeg", ".png"}):
        image = read(path)
        faces = detect_in_still(engine.detector, image, min_face=MIN_FACE) if image is not None else []
        if not faces:
            continue
        centre = np.array([image.shape[1], image.shape[0]]) / 2
        face = min(faces, key=lambda f: float(np.linalg.norm(f.box[:2] + f.box[2:] / 2 - centre)))
        template = embed(engine.recogniser, [align(image, face.landmarks, engine.alignment)])[0]
        found.append(Sample(path.parent.name, path, face, template))
    return found


def candidates(found: list[Sample], false_match_rate: float) -> tuple[float, np.ndarray, np.ndarray]:
    """(threshold, mated pairs (n, 2) at or over it, non-mated pairs (m, 2) at or over it)."""
    scores = np.stack([s.template for s in found]) @ np.stack([s.template for s in found]).T
    people = np.unique([s.person for s in found], return_inverse=True)[1]
    first, second = np.triu_indices(len(found), k=1)
    pair_scores, mated = scores[first, second], people[first] == people[second]
    threshold = float(np.quantile(pair_scores[~mated], 1 - false_match_rate))
    over = pair_scores >= threshold
    pairs = np.stack([first, second], axis=1)
    false = np.flatnonzero(over & ~mated)
    false = false[np.argsort(-pair_scores[false])][:MOST_FALSE]
    return threshold, pairs[over & mated], pairs[false]


def verifications(engine: Engine, found: list[Sample], pairs: np.ndarray, pack: registry.Pack) -> list[Verification]:
    answers = []
    for probe, reference in ((found[a], found[b]) for a, b in pairs):
        crop = kept_picture(engine.detector, read(probe.path), probe.face, others=()).picture
        image = alone(engine.detector, read(reference.path), reference.face)
        answers.append(verify(crop, image, pack=pack, threshold=ANY_DISTANCE))
    return answers


def distances(answers: list[Verification]) -> np.ndarray:
    """No face found counts as not verified at any distance."""
    return np.array([a.distance if a.reason is Reason.COMPARED else np.inf for a in answers])


def measure(folder: Path, *, pack: registry.Pack, cache: Path, listed: int, fpir: float, lost: float) -> dict:
    engine = registry.load(pack.name, cache)
    register_with_deepface(engine, pack)
    found = samples(folder, engine)
    threshold, mated, false = candidates(found, fpir / listed)
    if len(mated) < 100:
        sys.exit(f"{folder} gives {len(mated)} mated candidates; at least 100 are needed to find the lost percent.")
    mate, other = (distances(verifications(engine, found, pairs, pack)) for pairs in (mated, false))
    limit = float(np.quantile(mate, 1 - lost, method="higher"))
    limits = {"calibrated": limit, "deepface_limit": thresholds[pack.recogniser]["cosine"]}
    if pack.verification is not None:
        limits["pack_limit"] = pack.verification.distance
    return {
        "pack": pack.identifier,
        "images": len(found),
        "score_threshold": round(threshold, 4),
        "mated_candidates": len(mated),
        "false_candidates": len(false),
        "limits": {name: _shares(distance, mate, other) for name, distance in limits.items()},
    }


def _shares(limit: float, mate: np.ndarray, other: np.ndarray) -> dict:
    return {
        "distance": round(limit, 4),
        "lost_mates_percent": round(100 * float((mate > limit).mean()), 2),
        "removed_false_percent": round(100 * float((other > limit).mean()), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--pack", default=registry.DEFAULT_PACK)
    parser.add_argument("--cache", type=Path, default=registry.DEFAULT_CACHE)
    parser.add_argument("--listed", type=int, default=250)
    parser.add_argument("--fpir", type=float, default=0.01)
    parser.add_argument("--lost", type=float, default=0.01)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is not a folder; give one with a folder per person in it.")
    cv2.setNumThreads(1)
    # DeepFace makes a folder for weights when it is imported; nothing of this run belongs into anyone's home.
    with tempfile.TemporaryDirectory() as home:
        os.environ["DEEPFACE_HOME"] = home
        result = measure(
            options.folder,
            pack=registry.find(options.pack),
            cache=options.cache,
            listed=options.listed,
            fpir=options.fpir,
            lost=options.lost,
        )
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{result['pack']}, {result['images']} images, score threshold {result['score_threshold']}")
    print(f"{result['mated_candidates']} mated and {result['false_candidates']} false candidates")
    for name, row in result["limits"].items():
        print(
            f"{name:15} distance {row['distance']:.4f}: lost mates {row['lost_mates_percent']} %,"
            f" removed false candidates {row['removed_false_percent']} %"
        )


if __name__ == "__main__":
    main()
