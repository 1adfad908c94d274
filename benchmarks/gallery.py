"""How long does exact search take?  python benchmarks/gallery.py --sizes 1000,10000,100000,1000000 [--json]

Random unit templates of 384 floats, one BLAS thread; medians. The floor lets about one row in a thousand through, far
more than a deployment's threshold does.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read once, when NumPy is imported
os.environ["MKL_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from recognition.pipeline.embed import unit
from recognition.pipeline.search import search
from recognition.pipeline.types import Gallery, Templates

DIMENSION = 384
FLOOR = 0.157  # of random unit vectors in 384 dimensions one in a thousand is nearer
REPEATS = 15


def main() -> int:
    arguments = _parse()
    report = {"sizes": [measure(size) for size in arguments.sizes]}
    if arguments.json:
        print(json.dumps(report))
        return 0
    print("templates  one query (ms)  batch of 8 (ms)  build (s)")
    for row in report["sizes"]:
        print(f"{row['n']:9,d}  {row['one_ms']:14.2f}  {row['batch8_ms']:15.2f}  {row['build_s']:9.2f}")
    return 0


def measure(size: int) -> dict[str, float]:
    """Median milliseconds of a query and of eight at once, and the seconds it takes to build the gallery from rows."""
    rng = np.random.default_rng(0)
    rows = list(_random_templates(rng, size))
    start = perf_counter()
    names = [str(row) for row in range(size)]
    gallery = Gallery(np.stack(rows), names, names, version=1, pack="random-1")
    build = perf_counter() - start
    probes = _random_templates(rng, 8)
    return {
        "n": size,
        "dimension": DIMENSION,
        "one_ms": _median_ms(gallery, probes[:1]),
        "batch8_ms": _median_ms(gallery, probes),
        "build_s": round(build, 3),
    }


def _random_templates(rng: np.random.Generator, count: int) -> Templates:
    return unit(rng.standard_normal((count, DIMENSION), dtype=np.float32))


def _median_ms(gallery: Gallery, probes: Templates) -> float:
    search(gallery, probes, floor=FLOOR)  # the first touches the pages
    durations = []
    for _ in range(REPEATS):
        start = perf_counter()
        search(gallery, probes, floor=FLOOR)
        durations.append(perf_counter() - start)
    return round(1000 * median(durations), 3)


def _sizes(text: str) -> list[int]:
    sizes = [int(part) for part in text.split(",")]
    if min(sizes) < 1:
        raise argparse.ArgumentTypeError("sizes must be at least 1")
    return sizes


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time exact search over random templates.")
    parser.add_argument("--sizes", type=_sizes, default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
