"""Section: what the first look, by one chip, passes over, and what it costs to look closer."""

from dataclasses import asdict
from typing import Any

from recognition.measuring.comparisons import spread_of
from recognition.measuring.glances import FirstLook, first_look
from recognition.measuring.report.ground import Ground
from recognition.measuring.report.section import Section
from recognition.measuring.report.wording import rate, share_figures, share_said
from watchlist.calibration import Frames

TITLE = "Whom the first look passes over"
FPIR = 0.001  # the usual promise of a deployment
DRAWS = 10  # at most: shares of thousands of searches in each


def glanced(ground: Ground) -> Section:
    rows = [
        first_look(
            ground.sample,
            listed=row.listed,
            threshold=row.found.threshold,
            spread=spread_of(ground.pairs.mated),
            draws=min(DRAWS, ground.request.draws),
            seed=ground.request.seed,
        )
        for size in sorted(ground.lists, key=lambda size: size.listed)
        for row in size.rows
        if row.frames is Frames.SINGLE and row.fpir == FPIR and row.found
    ]
    if not rows:
        reason = f"No list gives a threshold of FPIR {rate(FPIR)}."
        return Section(TITLE, (f"Cannot be told. {reason}",), {"first_look": None, "first_look_reason": reason})
    explained = (
        "A camera's face is first looked at by one chip; only who resembles somebody listed is looked at closely, as "
        f"everybody was for the figures above. At the threshold of FPIR {rate(FPIR)}, one image each:"
    )
    lines = [line for row in rows for line in _lines(row)]
    return Section(TITLE, (explained, *lines), {"first_look": [_figures(row) for row in rows]})


def _lines(row: FirstLook) -> tuple[str, ...]:
    return (
        f"{row.listed:,} listed, threshold {row.threshold:.4f}:",
        f"  listed people over the threshold who are passed over: {share_said(row.passed_over)}",
        f"  others who are looked at closely: {share_said(row.sent_on)}",
    )


def _figures(row: FirstLook) -> dict[str, Any]:
    return asdict(row) | {"passed_over": share_figures(row.passed_over), "sent_on": share_figures(row.sent_on)}
