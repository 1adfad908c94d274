"""What is each measure of quality worth?  python benchmarks/quality.py DIR [--plots docs/quality] [--people 220]

DIR holds one folder of photographs per person. Two kinds of evidence for every limit: the photographs as they are,
every one compared with all others, and copies made worse in one way at a time, of the second image of each person
drawn, compared with their first images as they are. Printed are what each fault costs, how many faces the limits
refuse, and how well hidden eyes and mouths are told; with --plots, a figure for each measure is drawn.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.faults import FAULTS
from benchmarks.quality_plots import Copies, Natural, draw
from recognition.measuring.folders import SUFFIXES
from recognition.measuring.identification import FPIRS, identification
from recognition.measuring.photographs import Photograph, central_face
from recognition.measuring.searches import Sample, draw_lists, searches
from recognition.packs.calibration import shipped
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load
from recognition.pipeline.embed import glance, look_closely
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.limits import ENROLMENT, LIMITS, LIVE
from recognition.pipeline.picture import read_picture
from recognition.pipeline.quality import measure
from recognition.pipeline.types import Face, Image, Quality, QualityLimits
from watchlist.calibration import Frames

DRAWS = 100  # of who is listed
MIN_FACE = 20  # pixels, so that faces made small are still looked for
FPIR, STRANGERS = 100, 1000  # one in so many: of searches of a list, and of comparisons of two, that a rise is seen
REJECTED_WRONGLY = 0.01  # of the faces as they are, where hidden eyes and mouths are told


@dataclass(frozen=True, slots=True)
class Seen:
    photograph: Photograph
    face: Face


def main() -> int:
    arguments = _parse()
    engine = load(arguments.pack, DEFAULT_CACHE)
    people = [_paths(own) for own in sorted(arguments.folder.iterdir()) if own.is_dir()]
    seen = [
        [_look(engine, read_picture(path.read_bytes()), person) for path in paths]
        for person, paths in enumerate(tqdm(people, desc="as they are"))
    ]
    photographs = [one.photograph for own in seen for one in own if one]
    calibration = shipped(engine.pack)
    threshold = calibration.threshold_for(templates=arguments.listed, one_in=FPIR)
    strangers_over = calibration.threshold_for(templates=1, one_in=STRANGERS)
    natural = natural_errors(photographs, threshold, strangers_over)
    drawn = _drawn([person for person, own in enumerate(seen) if len(own) > 1 and own[0] and own[1]], arguments.people)
    references = {person: own[0].photograph for person, own in enumerate(seen) if person in drawn and own[0]}
    copies = [errors_of("none", "none", [seen[person][1] for person in drawn], references, threshold, strangers_over)]
    for fault, name in tqdm(
        [(fault, name) for fault, changes in FAULTS.items() for name in changes], desc="made worse"
    ):
        worse = [_worse(engine, fault, name, people[person][1], seen[person][1], person) for person in drawn]
        copies.append(errors_of(fault, name, worse, references, threshold, strangers_over))
    report(natural, copies)
    if arguments.plots:
        draw(arguments.plots, natural, copies)
    report_gated(photographs, arguments.listed)
    return 0


def natural_errors(photographs: list[Photograph], threshold: float, strangers_over: float) -> Natural:
    """Every photograph against all others, of the same person over one threshold and of others over another."""
    templates = np.stack([photograph.template for photograph in photographs])
    people = np.array([photograph.person for photograph in photographs])
    recognised, strangers = np.full(len(people), np.nan), np.zeros(len(people))
    for row, template in enumerate(templates):
        scores, same = templates @ template, people == people[row]
        strangers[row] = (scores[~same] >= strangers_over).mean()
        same[row] = False
        if same.any():
            recognised[row] = (scores[same] >= threshold).mean()
    return Natural([photograph.quality for photograph in photographs], recognised, strangers)


def errors_of(
    fault: str,
    name: str,
    seen: list[Seen | None],
    references: dict[int, Photograph],
    threshold: float,
    strangers_over: float,
) -> Copies:
    """The faces found among copies with one fault, against the references of their own and of other people."""
    found = [one.photograph for one in seen if one]
    listed, people = np.stack([one.template for one in references.values()]), np.array(list(references))
    scores = np.stack([one.template for one in found]) @ listed.T if found else np.zeros((0, len(people)))
    own = np.array([one.person for one in found])[:, None] == people
    return Copies(
        fault,
        name,
        len(found) / len(seen),
        [one.quality for one in found],
        scores[own] >= threshold,
        float((scores[~own] >= strangers_over).mean()) if found else 0.0,
    )


def report(natural: Natural, copies: list[Copies]) -> None:
    print("\nchange              found  recognised  strangers  live  enrolment  value (median)")
    for copy in copies:
        live, enrolment = (_usable(copy.qualities, limits) for limits in (LIVE, ENROLMENT))
        value = np.median([quality.value for quality in copy.qualities]) if copy.qualities else 0
        print(
            f"{copy.name:18s}  {copy.found:5.0%}  {np.mean(copy.recognised):10.1%}  {copy.strangers:9.2%}  "
            f"{live:4.0%}  {enrolment:9.0%}  {value:14.2f}"
        )
    for use, limits in (("live", LIVE), ("enrolment", ENROLMENT)):
        _report_refused(use, natural, limits)
    _report_hidden(natural, copies)


def report_gated(photographs: list[Photograph], listed: int) -> None:
    """What the accuracy would be if only faces within the limits were listed and searched for."""
    for use, limits in (("all", None), ("live", LIVE), ("enrolment", ENROLMENT)):
        kept = [one for one in photographs if limits is None or not failing(one.quality, limits)]
        sample = Sample(kept)
        lists = draw_lists(sample, listed=listed, draws=DRAWS, seed=0)
        found = [searches(sample, drawn, Frames.SINGLE) for drawn in lists]
        for row in (identification(found, fpir, listed=listed, frames=Frames.SINGLE) for fpir in FPIRS):
            tpir = f"TPIR {row.found.tpir:.1%} (sd {row.found.tpir_sd:.1%})" if row.found else row.reason
            print(f"{use:9s} {len(kept)} faces, {listed} listed, FPIR {row.fpir:.1%}: {tpir}")


def _report_refused(use: str, natural: Natural, limits: QualityLimits) -> None:
    failed = [failing(quality, limits) for quality in natural.qualities]
    good = np.array([not codes for codes in failed])
    counts = Counter(code for codes in failed for code in codes)
    shares = (np.nanmean(natural.recognised[some]) for some in (good | ~good, good, ~good))
    print(f"\n{use}: refused {np.mean(~good):.2%} of {len(good)}")
    print("  recognised {:.1%} of all, {:.1%} of the others, {:.1%} of those refused".format(*shares))
    print(f"  strangers {natural.strangers[good].mean():.3%} and {natural.strangers[~good].mean():.3%}")
    print("  " + ", ".join(f"{code} {count / len(good):.2%}" for code, count in counts.most_common()))


def _report_hidden(natural: Natural, copies: list[Copies]) -> None:
    print(
        f"\nhidden eyes and mouths, told where {REJECTED_WRONGLY:.0%} of the photographs as they are would be refused"
    )
    for name in ("eyes", "mouth"):
        bound = np.quantile(natural.of(name), REJECTED_WRONGLY)
        told = {copy.name: np.mean(copy.of(name) < bound) for copy in copies if copy.fault == "cover"}
        print(f"  {name} under {bound:.2f}: " + ", ".join(f"{cover} {share:.0%}" for cover, share in told.items()))


def failing(quality: Quality, limits: QualityLimits) -> list[str]:
    return [limit.code for limit in LIMITS if not limit.met(limit.of(quality), limits.bounds[limit.code])]


def _usable(qualities: list[Quality], limits: QualityLimits) -> float:
    return float(np.mean([not failing(quality, limits) for quality in qualities])) if qualities else 0.0


def _worse(engine: Engine, fault: str, name: str, path: Path, before: Seen | None, person: int) -> Seen | None:
    change = FAULTS[fault][name]
    return _look(engine, change(read_picture(path.read_bytes()), before.face.landmarks), person) if before else None


def _look(engine: Engine, image: Image, person: int) -> Seen | None:
    face = central_face(engine, image, min_face=MIN_FACE)
    if face is None:
        return None
    first = glance(engine, image, [face.landmarks])
    (closer,) = look_closely(engine, image, [face.landmarks], first)
    return Seen(Photograph(person, closer, first[0], measure(image, face.landmarks, limits=LIVE)), face)


def _drawn(people: list[int], number: int) -> NDArray[np.int64]:
    return np.random.default_rng(0).choice(people, min(number, len(people)), replace=False)


def _paths(own: Path) -> list[Path]:
    return sorted(path for path in own.iterdir() if path.suffix.lower() in SUFFIXES)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What each measure of quality is worth, on labelled photographs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plots", type=Path, help="Folder for an SVG figure of each measure.")
    parser.add_argument("--pack", default=DEFAULT_PACK)
    parser.add_argument("--people", type=int, default=220)
    parser.add_argument("--listed", type=int, default=250)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
