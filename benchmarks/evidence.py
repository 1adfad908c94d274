"""What do several frames, or several images, add?  python benchmarks/evidence.py DIR [--rendered] [--json]

DIR holds one folder of photographs per person. Passages are three photographs of different occasions; with --rendered
also frames made from one still, which take a few minutes. Nothing is written but counts and shares.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recognition.measuring.fusing import fusions, promises
from recognition.measuring.fusionwords import in_words
from recognition.measuring.passages import photographed, rendered
from recognition.measuring.photographs import read_people
from recognition.measuring.pooling import poolings
from recognition.measuring.rendered import FRAMES
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load

IMAGES, LISTED_BY_SEVERAL = 2, 150


def main() -> int:
    arguments = _parse()
    engine = load(arguments.pack, DEFAULT_CACHE)
    photographs = read_people(engine, arguments.folder).photographs
    passages = [photographed(photographs)]
    pooled = poolings(photographs, images=IMAGES, listed=LISTED_BY_SEVERAL, draws=arguments.draws)
    if arguments.rendered:
        found = rendered(
            engine, arguments.folder, several=arguments.several, single=arguments.single, frames=arguments.frames
        )
        passages += found
        pooled += poolings(
            photographs, images=IMAGES, listed=LISTED_BY_SEVERAL, draws=arguments.draws, passages=found[0]
        )
    rows = [row for each in passages for row in fusions(each, listed=arguments.listed, draws=arguments.draws)]
    promised = [row for each in passages[:2] for row in promises(each)]
    report = {name: [asdict(row) for row in found] for name, found in (("fusions", rows), ("promises", promised))}
    report["poolings"] = [asdict(row) for row in pooled]
    print(json.dumps(report) if arguments.json else "\n".join(in_words(rows, promised, pooled)))
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Evidence over frames and reference images, on labelled photographs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pack", default=DEFAULT_PACK)
    parser.add_argument("--listed", type=int, default=250)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--rendered", action="store_true")
    parser.add_argument("--frames", type=int, default=FRAMES, help="of a rendered passage")
    parser.add_argument("--several", type=int, default=700, help="people with two images who are rendered, at most")
    parser.add_argument("--single", type=int, default=400, help="people with one image who are rendered, at most")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
