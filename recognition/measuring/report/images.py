"""Section: what was read, and in how many images no face was found."""

from collections import Counter
from collections.abc import Iterable

from recognition.measuring.report.ground import Ground
from recognition.measuring.report.section import Section
from recognition.measuring.report.wording import share_figures, share_said, shown
from watchlist.intervals import Share

MOST_NAMED = 20


def images(ground: Ground) -> Section:
    reading = ground.reading
    not_detected = Share(len(reading.not_detected), reading.images)
    poor = Share(sum(not p.quality.usable for p in reading.photographs), len(reading.photographs))
    people, mates = len(ground.sample.images), len(ground.sample.with_mates)
    lines = [
        f"{reading.images:,} images read. A face was found of {people:,} people, of {mates:,} in two images or more.",
        f"Images in which no face was found, left out of all that follows: {share_said(not_detected)}.",
        *_named(shown(path.relative_to(reading.folder)) for path in reading.not_detected),
        f"Below the quality limits for live frames, compared here all the same: {share_said(poor)}.",
    ]
    if reading.empty_folders:
        lines.append(f"Folders of people that hold no images: {reading.empty_folders:,}.")
    if reading.left_out:
        lines.append(f"Files left out: {len(reading.left_out):,}.")
        lines += _named(f"{shown(left.path.relative_to(reading.folder))}: {left.reason}" for left in reading.left_out)
    return Section(
        "Images and faces",
        tuple(lines),
        {
            "images": reading.images,
            "people": people,
            "people_with_mates": mates,
            "not_detected": len(reading.not_detected),
            "not_detected_share": share_figures(not_detected),
            "below_live_quality": share_figures(poor),
            "below_live_quality_reasons": _shortfalls(ground),
            "empty_folders": reading.empty_folders,
            "left_out": [
                {"file": str(left.path.relative_to(reading.folder)), "reason": left.reason} for left in reading.left_out
            ],
        },
    )


def _shortfalls(ground: Ground) -> dict[str, int]:
    return dict(Counter(code for photograph in ground.reading.photographs for code in photograph.quality.shortfalls))


def _named(files: Iterable[str]) -> list[str]:
    named = [f"  {file}" for file in files]
    more = len(named) - MOST_NAMED
    return [*named[:MOST_NAMED], *([f"  and {more:,} more; --json lists what was left out."] if more > 0 else [])]
