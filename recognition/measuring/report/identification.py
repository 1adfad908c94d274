"""Section: who on a list is found, and who is taken for somebody on it."""

from dataclasses import asdict
from functools import partial
from typing import Any

from recognition.measuring.comparisons import PASSAGE
from recognition.measuring.identification import Gain, Identification
from recognition.measuring.report.curves import by_list_size
from recognition.measuring.report.ground import Ground, ListSize
from recognition.measuring.report.section import Plot, Section
from recognition.measuring.report.wording import one_in, percent, points, rate
from watchlist.calibration import Frames
from watchlist.intervals import at_most

EXPLAINED = (
    "Everybody is searched for on a list of some people, one reference image each. FPIR: the share of searches for "
    "people who are not listed that raise a candidate, a false alert. TPIR: the share of searches for listed people "
    "that find them. FNIR: the share that miss them. 'First' is TPIR counting only those who score over everybody else "
    "on the list. Means and standard deviations (sd) are over {draws:,} draws of who is listed, seed {seed}."
)
HEADS = {
    Frames.SINGLE: "One image a search",
    Frames.PASSAGE: f"Passages of {PASSAGE} images, of different occasions, their scores averaged",
}


def on_a_list(ground: Ground) -> Section:
    sizes = sorted(ground.lists, key=lambda size: size.listed)
    explained = EXPLAINED.format(draws=ground.request.draws, seed=ground.request.seed)
    rows = [row for size in sizes for row in size.rows]
    told = any(row.found for row in rows)
    plot = Plot("list-size", "Listed people found, by the length of the list", partial(by_list_size, rows=rows))
    return Section(
        "Finding people on a list (open-set identification)",
        (explained, *(line for size in sizes for line in _lines(size))),
        {
            "identification": [_figures(row) for row in rows],
            "passage_gain": [_gain_figures(gain) for size in sizes for gain in size.gains],
        },
        (plot,) if told else (),
    )


def _lines(size: ListSize) -> list[str]:
    lines = ["", f"{size.listed:,} listed"]
    if size.reason:
        return [*lines, f"  Cannot be told. {size.reason}"]
    for frames in Frames:
        rows = [row for row in size.rows if row.frames is frames]
        lines += [f"  {HEADS[frames]}: {_searches(rows[0])}", *_table(rows)]
    lines.append("  Passages beside their own images searched for one by one (the same people, the same draws)")
    return [*lines, *(f"    {_gain(gain)}" for gain in size.gains)]


def _searches(row: Identification) -> str:
    return f"at least {row.mated_searches:,} searches for listed people, {row.non_mated_searches:,} for others"


def _table(rows: list[Identification]) -> list[str]:
    head = f"{'FPIR':>12} {'TPIR (sd)':>17} {'FNIR':>9} {'first':>9} {'threshold':>11}"
    return [head, *(_row(row) for row in rows)]


def _row(row: Identification) -> str:
    found = row.found
    if found is None:
        return f"{rate(row.fpir):>12}   cannot be told: {row.reason}"
    tpir = f"{percent(found.tpir)} ({100 * found.tpir_sd:.1f})" if found.tpir else f"< {_zero(row)}"
    fnir = percent(found.fnir) if found.fnir else f"< {_zero(row)}"
    rough = f"   rough: false candidates of a draw: {row.false_candidates}" if row.rough else ""
    return f"{rate(row.fpir):>12} {tpir:>17} {fnir:>9} {percent(found.tpir_first):>9} {found.threshold:11.4f}{rough}"


def _zero(row: Identification) -> str:
    """What a share of none in every draw may still be."""
    return one_in(at_most(row.mated_searches))


def _figures(row: Identification) -> dict[str, Any]:
    figures = asdict(row) | {"rough": row.rough}
    del figures["found"]
    if row.found is None:
        return figures | dict.fromkeys(("tpir", "tpir_sd", "tpir_first", "fnir", "threshold"))
    figures |= asdict(row.found) | {"fnir": row.found.fnir}
    nothing = [name for name in ("tpir", "fnir") if not figures[name]]
    return figures | dict.fromkeys(nothing) | {f"{name}_reason": f"fewer than {_zero(row)}" for name in nothing}


def _gain(row: Gain) -> str:
    gained = row.gained
    if gained is None:
        return f"FPIR {rate(row.fpir)}: cannot be told: {row.reason}"
    return (
        f"FPIR {rate(row.fpir)}: {percent(gained.single)} by single images, {percent(gained.passage)} by passages; "
        f"{100 * gained.gain:+.1f} points (95 % interval {points(gained.low, gained.high)}; {row.people:,} people)"
    )


def _gain_figures(row: Gain) -> dict[str, Any]:
    figures = asdict(row)
    del figures["gained"]
    if row.gained is None:
        return figures | dict.fromkeys(("single", "passage", "gain", "low", "high"))
    return figures | asdict(row.gained) | {"gain": row.gained.gain}
