"""How many cameras does a server carry?  python benchmarks/cameras.py --cameras 4 --fps 5 --seconds 30 [--json]

Against the server that `./run` started in this checkout, with its demo's people: a deployment of its own with that many
cameras, applied for, approved and started through the ordinary services, closed at the end. Each camera sends
1280x720 frames over a socket as `manage.py stream` does; the listed person walks by every six seconds, an operator
dismisses each alert at once, so that the next passage raises another. Times are this machine's clock; processed_share
counts against the frames that were due, whether they were sent or not.
"""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")

import django
from django.core.management.base import CommandError


def main() -> int:
    arguments = _parse()
    django.setup()
    from benchmarks.load import measure  # its models exist from here on

    try:
        report = asyncio.run(measure(arguments.cameras, arguments.fps, arguments.seconds))
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(report) if arguments.json else _in_words(report))
    return 0


def _in_words(report: dict[str, Any]) -> str:
    result, alert, steps = report["result_ms"], report["alert_ms"], report["step_ms"]
    return (
        f"{report['cameras']} cameras at {report['fps']:g} frames a second: {report['processed']:,} of "
        f"{report['sent']:,} processed ({report['processed_share']:.1%}), {report['dropped']} dropped\n"
        f"capture to result  p50 {_ms(result['p50'])}, p95 {_ms(result['p95'])}, p99 {_ms(result['p99'])}\n"
        f"  of which         {', '.join(f'{step} {_ms(ms)}' for step, ms in steps.items())} (medians)\n"
        f"capture to alert   p50 {_ms(alert['p50'])}, p95 {_ms(alert['p95'])}, of {alert['count']} alerts\n"
        f"server             {report['cpu_cores']:.2f} cores, {report['rss_mb']['total']:.0f} MB resident"
    )


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} ms"


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--fps", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
