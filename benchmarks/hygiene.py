"""What do the warnings at enrolment find, and how often in vain?  python benchmarks/hygiene.py DIR [--splits 20]

DIR holds one folder of photographs per person. Nothing is printed but counts and shares. With `--splits` the limit for
images that do not fit is also taken from a random half of the people and tried on the other half, so many times.
"""

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recognition.measuring.calibrating import calibrate
from recognition.measuring.likeness import Fit, Twice, fit, twice
from recognition.measuring.photographs import Photograph, read_people
from recognition.packs.calibration import shipped
from recognition.packs.likelihood import fitting_threshold
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load

LISTED = (10, 50, 100, 250, 1000, 1500)


def main() -> int:
    arguments = _parse()
    engine = load(arguments.pack, DEFAULT_CACHE)
    photographs = read_people(engine, arguments.folder).photographs
    calibration = shipped(engine.pack)
    threshold = fitting_threshold(calibration)
    print(f"A new image fits its entry from {threshold:.4f}.\n")
    print("| images of the entry | of the same person, asked about | of somebody else, asked about |\n|---:|---:|---:|")
    print("\n".join(_fit_row(row) for row in fit(photographs, threshold=threshold)))
    print("\n| listed | alike from | one person from | listed already: as one, as alike, not | new: as one, as alike |")
    print("|---:|---:|---:|---:|---:|")
    print("\n".join(_twice_row(row) for row in twice(photographs, calibration, listed=LISTED)))
    if arguments.splits:
        _try_on_other_people(photographs, arguments.splits)
    return 0


def _fit_row(row: Fit) -> str:
    return f"| {row.images} | {row.mates_warned:.2%} of {row.mated:,} | {row.foreign_caught:.1%} of {row.foreign:,} |"


def _twice_row(row: Twice) -> str:
    missed = 1 - row.twice_as_one - row.twice_as_alike
    again = f"{row.twice_as_one:.1%}, {row.twice_as_alike:.1%}, {missed:.1%} of {row.twice:,}"
    single = f"{row.single_as_one:.2%}, {row.single_as_alike:.1%} of {row.single:,}"
    return f"| {row.listed:,} | {row.alike:.4f} | {row.one_person:.4f} | {again} | {single} |"


def _try_on_other_people(photographs: Sequence[Photograph], splits: int) -> None:
    rng = np.random.default_rng(0)
    people = sorted({photograph.person for photograph in photographs})
    results = []
    for _ in range(splits):
        half = set(rng.permutation(people)[: len(people) // 2].tolist())
        known = [photograph for photograph in photographs if photograph.person in half]
        others = [photograph for photograph in photographs if photograph.person not in half]
        found = calibrate(known, pack="split", source="half of the people", date=dt.date.min)
        [row] = fit(others, threshold=fitting_threshold(found), most=1)
        results.append((fitting_threshold(found), row.mates_warned, row.foreign_caught))
    means, sds = np.mean(results, axis=0), np.std(results, axis=0)
    print(
        f"\n{splits} splits by person, one image: limit {means[0]:.4f} (sd {sds[0]:.4f}), mates asked about "
        f"{means[1]:.2%} ({sds[1]:.2%}), somebody else's {means[2]:.1%} ({sds[2]:.1%})."
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Warnings at enrolment: what they find, and how often in vain.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pack", default=DEFAULT_PACK)
    parser.add_argument("--splits", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
