"""Measure the calibration a pack ships with:  python benchmarks/calibrate.py DIR --source TEXT --date DATE --out FILE

DIR holds one folder of photographs per person. Only counts and shares are written, never a name or a template. Then the
promise is tried on other people: calibrated on one half of the persons, held against what the other half scores.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.splits import SplitResult, try_on_other_people
from recognition.measuring.calibrating import calibrate
from recognition.measuring.photographs import read_people
from recognition.packs import calibration
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load


def main() -> int:
    arguments = _parse()
    engine = load(arguments.pack, DEFAULT_CACHE)
    collection = read_people(engine, arguments.folder)
    photographs = collection.photographs
    found = calibrate(photographs, pack=engine.pack, source=arguments.source, date=arguments.date, seed=arguments.seed)
    arguments.out.write_text(calibration.to_json(found), encoding="utf-8")
    print(f"{collection.images} images, no face in {collection.not_detected}; written to {arguments.out}")
    print_promises(found)
    print_splits(try_on_other_people(photographs, splits=arguments.splits, seed=arguments.seed))
    return 0


def print_promises(found: calibration.Calibration) -> None:
    print("\nlisted  threshold for 1 in 1,000  expected per 1,000  recognised: single  passage")
    for listed in (1, 20, 100, 250, 1000, 2000):
        threshold = found.threshold_for(gallery_size=listed)
        expected = found.expected_false_alerts(threshold, gallery_size=listed, footfall=1000)
        shares = [found.recognised_share(threshold, frames=frames) for frames in calibration.Frames]
        print(f"{listed:6d}  {threshold:25.4f}  {expected:18.2f}  {shares[0]:18.1%}  {shares[1]:7.1%}")
    print(
        f"largest list with measured figures at 1 in 1,000: {found.largest_list()}, at 1 in 100: "
        f"{found.largest_list(rate=0.01)}"
    )


def print_splits(results: list[SplitResult]) -> None:
    print(
        "\nOther people, measured / asked for: mean, standard deviation over splits, share of splits within the promise"
    )
    for result in results:
        ratio = np.array(result.measured) / result.rate
        print(
            f"listed {result.listed:5d}, 1 in {1 / result.rate:5.0f}, {result.basis:8s}: "
            f"{ratio.mean():.2f}  {ratio.std():.2f}  {(ratio <= 1).mean():.0%}"
        )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pack", default=DEFAULT_PACK)
    parser.add_argument("--source", required=True, help="what the folder is, for the record")
    parser.add_argument("--date", required=True, help="ISO date of the measurement, for the record")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--splits", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
