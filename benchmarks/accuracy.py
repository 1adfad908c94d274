"""How accurate is a pack?  python benchmarks/accuracy.py DIR [--pack dlib] [--listed 250] [--draws 100] [--json]

DIR holds one folder of photographs per person. Nothing is written but counts and shares.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recognition.measuring.accuracy import identification, verification
from recognition.measuring.photographs import read_people
from recognition.packs.calibration import Frames
from recognition.packs.registry import DEFAULT_CACHE, DEFAULT_PACK, load


def main() -> int:
    arguments = _parse()
    engine = load(arguments.pack, DEFAULT_CACHE)
    collection = read_people(engine, arguments.folder)
    photographs = collection.photographs
    report = {
        "pack": engine.pack,
        "images": collection.images,
        "not_detected": collection.not_detected,
        "verification": asdict(verification(photographs)),
        "identification": [
            asdict(row)
            for frames in Frames
            for row in identification(photographs, listed=arguments.listed, frames=frames, draws=arguments.draws)
        ],
        "ms_per_image": round(collection.ms_per_image, 1),
    }
    print(json.dumps(report) if arguments.json else _as_text(report))
    return 0


def _as_text(report: dict) -> str:
    same = report["verification"]
    lines = [
        f"{report['pack']}: {report['images']} images, no face in {report['not_detected']}, "
        f"{report['ms_per_image']} ms an image",
        f"verification, {same['pairs']} pairs: {same['accuracy']:.2%} (sd {same['std']:.2%}), "
        f"equal error rate {same['eer']:.2%}",
    ]
    lines += [
        f"{row['listed']} listed, {row['frames']:7s} FPIR {row['fpir']:6.1%}: TPIR {row['tpir']:.1%} "
        f"(sd {row['tpir_sd']:.1%}) at {row['threshold']:.4f}"
        for row in report["identification"]
    ]
    return "\n".join(lines)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Verification and open-set identification on labelled photographs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pack", default=DEFAULT_PACK)
    parser.add_argument("--listed", type=int, default=250)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
