"""Section: how long each step takes."""

from dataclasses import fields
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from recognition.measuring.photographs import StepTimes
from recognition.measuring.report.ground import Ground
from recognition.measuring.report.section import Section
from recognition.pipeline.search import search
from recognition.pipeline.types import Gallery

NAMES = {
    "decode": "decode",
    "detect": "detect",
    "quality": "quality",
    "embed": "embed once",
    "closer": "look closer",
    "search": "search",
}
SEARCHES = 200
FLOOR = 0.9


def timing(ground: Ground) -> Section:
    reading = ground.reading
    if not reading.times:
        reason = "No face was found."
        return Section("Time", (f"Cannot be told. {reason}",), {"ms_per_image": None, "ms_per_image_reason": reason})
    steps = {f.name: np.array([getattr(times, f.name) for times in reading.times]) for f in fields(StepTimes)}
    total = np.sum(list(steps.values()), axis=0)
    listed = min(max(size.listed for size in ground.lists), len(reading.photographs))
    steps["search"] = _searches(ground, listed)
    ms = {name: {"mean": _mean(s), "median": float(np.median(s)), "p95": _p95(s)} for name, s in steps.items()}
    lines = [
        f"{reading.images:,} images in {reading.seconds:.0f} s by {reading.jobs} processes, each with one thread;",
        f"{_mean(total):.1f} ms for an image, {reading.processor_ms:.1f} ms of it on a processor. Steps in ms, with "
        "waiting for other work:",
        f"{'':26} {'mean':>8} {'median':>8} {'95 %':>8}",
        *(
            f"{NAMES[name]:26} {found['mean']:8.2f} {found['median']:8.2f} {found['p95']:8.2f}"
            for name, found in ms.items()
        ),
        f"The search is of {listed:,} templates.",
    ]
    figures = {
        "ms_per_image": _mean(total),
        "processor_ms_per_image": reading.processor_ms,
        "steps_ms": ms,
        "search_templates": listed,
        "reading_seconds": reading.seconds,
        "jobs": reading.jobs,
    }
    return Section("Time", tuple(lines), figures)


def _searches(ground: Ground, listed: int) -> NDArray[np.float64]:
    names = [str(row) for row in range(listed)]
    gallery = Gallery(ground.sample.templates[:listed], names, names, version=1, pack=ground.request.identifier)
    found = []
    for probe in ground.sample.templates[-SEARCHES:]:
        start = perf_counter()
        search(gallery, probe[np.newaxis], floor=FLOOR)
        found.append(1000 * (perf_counter() - start))
    return np.array(found)


def _mean(times: NDArray[np.float64]) -> float:
    return float(np.mean(times))


def _p95(times: NDArray[np.float64]) -> float:
    return float(np.quantile(times, 0.95))
