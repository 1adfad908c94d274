"""What is drawn: score distributions, the detection error trade-off, recognition against the length of the list.

Readable in black and white: kinds differ by marker or dash as well as by colour (Okabe and Ito's, which colour-blind
people tell apart). What the sample cannot support is not drawn, or drawn dotted, and a note says so.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import FuncFormatter, NullFormatter

from recognition.measuring.identification import FEW, FPIRS, Identification
from recognition.measuring.pairs import HALF, Pairs, tally
from recognition.measuring.report.wording import rate
from watchlist.calibration import Frames

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
COLOURS = dict(zip(FPIRS, (BLUE, GREEN, ORANGE, PURPLE), strict=True))
MARKERS = dict(zip(FPIRS, "osD^", strict=True))
DASHES = {Frames.SINGLE: "-", Frames.PASSAGE: "--"}
BINS = 256  # of the 65,536 steps from -1 to 1


def distributions(axes: Any, pairs: Pairs) -> None:
    """Shares of scores on a logarithmic axis, so that the tails which make false alerts can be seen."""
    steps = np.linspace(-1, 1, BINS + 1)
    kinds = (
        ("pairs of two people", pairs.non_mated.counts, BLUE, "-"),
        ("pairs of one person", tally(pairs.mated).counts, ORANGE, "--"),
    )
    seen = []
    for name, counts, colour, dash in kinds:
        shares = np.add.reduceat(counts[:-1], np.arange(0, 2 * HALF, 2 * HALF // BINS)).astype(float)
        shares[-1] += counts[-1]
        seen += [*steps[:-1][shares > 0], *steps[1:][shares > 0]]
        shares /= counts.sum()
        label = f"{name}: {counts.sum():,}"
        axes.stairs(
            np.where(shares > 0, shares, np.nan), steps, color=colour, linestyle=dash, linewidth=1.6, label=label
        )
    axes.set_yscale("log")
    axes.set_xlim(min(seen), 1)
    axes.set_xlabel("score (cosine similarity of two templates)")
    axes.set_ylabel(f"share of pairs in each step of {2 / BINS:.3f}")
    axes.legend(loc="upper left")


def det(axes: Any, pairs: Pairs) -> None:
    """Missed mated pairs against accepted non-mated ones, over all thresholds; log scales as in ISO/IEC 19795-1."""
    false = pairs.non_mated.at_least
    missed = np.searchsorted(np.sort(pairs.mated), pairs.non_mated.steps, side="left")
    firm, thin = (false >= FEW) & (missed >= FEW), (false >= 1) & (missed >= 1)
    far, frr = false / pairs.non_mated.total, missed / len(pairs.mated)
    for drawn, dash, label in (
        (thin, ":", f"fewer than {FEW} errors of one kind"),
        (firm, "-", f"{FEW} errors or more of each kind"),
    ):
        if drawn.any():
            axes.plot(far[drawn], frr[drawn], color=BLUE, linestyle=dash, linewidth=1.8, label=label)
    lowest = float(frr[thin].min(initial=1))
    axes.plot([lowest, 1], [lowest, 1], color="0.6", linewidth=0.8, label="equal error rates")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(f"FAR: share of {pairs.non_mated.total:,} pairs of two people accepted")
    axes.set_ylabel(f"FRR: share of {len(pairs.mated):,} pairs of one person refused")
    _in_percent(axes.xaxis)
    _in_percent(axes.yaxis)
    axes.legend(loc="lower left")


def by_list_size(axes: Any, rows: Sequence[Identification]) -> None:
    """TPIR with its standard deviation over draws; hollow where the threshold hangs on few false candidates."""
    left_out = sum(row.found is None for row in rows)
    for frames in Frames:
        for fpir in FPIRS:
            told = [(row, row.found) for row in rows if row.frames is frames and row.fpir == fpir and row.found]
            if not told:
                continue
            label = f"{'passage of three' if frames is Frames.PASSAGE else 'one image'}, FPIR {rate(fpir)}"
            style: dict[str, Any] = {"color": COLOURS[fpir], "marker": MARKERS[fpir], "markersize": 6}
            aside = 1.04 if frames is Frames.PASSAGE else 1.0  # so that bars do not hide each other
            listed, values = [aside * row.listed for row, _ in told], [found.tpir for _, found in told]
            axes.plot(listed, values, linestyle=DASHES[frames], linewidth=1.4, label=label, **style)
            for row, found in told:
                filled = "white" if row.rough else COLOURS[fpir]
                axes.errorbar(
                    aside * row.listed, found.tpir, yerr=found.tpir_sd, capsize=3, markerfacecolor=filled, **style
                )
    sizes = sorted({row.listed for row in rows if row.found})
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_ylim(0, 1.02)
    _in_percent(axes.yaxis)
    axes.set_xlabel("people listed, one reference image each")
    axes.set_ylabel("TPIR: share of searches for listed people that find them")
    axes.legend(loc="lower left", fontsize="small", ncols=2, handlelength=3.5)
    note = f"Bars: sd over draws. Hollow: the threshold hangs on fewer than {FEW} false candidates."
    if left_out:
        note += f"\nLeft out, too few searches to tell: {left_out} of {len(rows)} (the text names them)."
    axes.set_title(note, fontsize="small", loc="left", color="0.3")


def _in_percent(axis: Any) -> None:
    axis.set_major_formatter(FuncFormatter(_percent))


def _percent(value: float, _: int) -> str:
    """In full where a tick at 1e-07 would be hard to read."""
    return f"{np.format_float_positional(round(100 * value, 9), trim='-')} %"
