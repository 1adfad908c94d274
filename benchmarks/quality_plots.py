"""How does error rise with each fault? One figure for each measure: recognition and false matches against it."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import pyplot
from numpy.typing import NDArray

from recognition.pipeline.limit import Limit
from recognition.pipeline.limits import LIMITS
from recognition.pipeline.types import Quality

matplotlib.use("svg")
matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "quality", "font.size": 9, "axes.grid": True}
matplotlib.rcParams |= {"grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False}

BINS = (0, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 1)  # shares of the photographs
FEWEST = 8  # photographs or copies of which a share is drawn

# Which copies move which measure, and so are drawn in its figure.
SHOWN = {
    "inter_eye": ("size",),
    "inside": ("cut at the left", "cut below"),
    "exposure": ("dark",),
    "over_exposure": ("bright",),
    "contrast": ("contrast",),
    "uniformity": ("side light",),
    "sharpness": ("blur", "smear"),
    "noise": ("noise",),
    "blockiness": ("compression",),
    "yaw": (),
    "pitch": (),
    "roll": ("roll",),
    "eyes": ("bar over the eyes", "dark glasses", "half"),
    "mouth": ("mask", "dark mask", "hand at the mouth"),
}
AS_THEY_ARE = "#0b5fa5"
COLOURS = ("#c2410c", "#7c3aed")
BY_FACTORS = {"sharpness", "noise", "blockiness", "inter_eye", "exposure"}


@dataclass(frozen=True, slots=True, eq=False)
class Natural:
    """Photographs as they are; arrays are (n,)."""

    qualities: list[Quality]
    recognised: NDArray[np.float64]  # share of the same person's other photographs over the threshold; NaN if none
    strangers: NDArray[np.float64]  # share of other people's photographs that score high

    def of(self, measure: str) -> NDArray[np.float64]:
        return np.array([getattr(quality, measure) for quality in self.qualities])


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """Photographs made worse in one way, by one amount."""

    fault: str
    name: str
    found: float  # share in which a face was found; what follows is of these
    qualities: list[Quality]
    recognised: NDArray[np.bool_]
    strangers: float

    def of(self, measure: str) -> NDArray[np.float64]:
        return np.array([getattr(quality, measure) for quality in self.qualities])


def draw(folder: Path, natural: Natural, copies: list[Copies]) -> None:
    """An SVG for each limit in `folder`, named by its measure. Numbers only."""
    folder.mkdir(parents=True, exist_ok=True)
    for limit in LIMITS:
        figure = figure_of(limit, natural, copies)
        figure.savefig(folder / f"{limit.measure}.svg", metadata={"Date": None})
        pyplot.close(figure)


def figure_of(limit: Limit, natural: Natural, copies: list[Copies]) -> pyplot.Figure:
    figure, (above, below) = pyplot.subplots(
        2, 1, sharex=True, figsize=(6.4, 4.6), height_ratios=(3, 1.3), layout="constrained"
    )
    faults = SHOWN[limit.measure]
    shown = [copy for copy in copies if {copy.fault, copy.name} & {"none", *faults} and len(copy.qualities) >= FEWEST]
    _natural(above, below, limit, natural)
    if faults:
        _copies(above, below, limit, shown)
    _value(above, limit, float(np.mean(shown[0].recognised)))
    low, high = _reach(limit, [natural.of(limit.measure), *(copy.of(limit.measure) for copy in shown)])
    for axes in (above, below):
        _limits(axes, limit, low, high)
    _scales(above, below, limit)
    figure.legend(*above.get_legend_handles_labels(), loc="outside upper center", ncols=3, fontsize=8, frameon=False)
    return figure


def _reach(limit: Limit, series: list[NDArray[np.float64]]) -> tuple[float, float]:
    """From where to where the figure goes: all that is drawn of the series, and the limits, with some air."""
    natural, *copies = series
    ends = [*np.quantile(natural, (0.005, 0.995)), *(np.median(copy) for copy in copies), limit.live, limit.enrolment]
    if limit.measure in BY_FACTORS:
        return min(ends) / 1.15, max(ends) * 1.3
    air = max(ends) - min(ends)
    return min(ends) - 0.04 * air, max(ends) + 0.1 * air


def _scales(above: pyplot.Axes, below: pyplot.Axes, limit: Limit) -> None:
    scale, sign = (100, "%") if limit.unit.startswith("%") else (1, "")
    if limit.measure in BY_FACTORS:
        below.set_xscale("log")
        below.xaxis.set_minor_formatter(lambda number, _: f"{number:g}" if f"{number:.0e}"[0] in "235" else "")
    below.xaxis.set_major_formatter(lambda number, _: f"{number * scale:g}{sign}")
    below.set_xlabel(f"{limit.name}{limit.unit_in_words}")
    above.set_ylabel("recognised")
    below.set_ylabel("strangers")
    above.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    below.yaxis.set_major_formatter(lambda share, _: f"{share:.1%}")
    above.set_ylim(0, 1)
    below.set_ylim(0, 0.004)


def _natural(above: pyplot.Axes, below: pyplot.Axes, limit: Limit, natural: Natural) -> None:
    measured = natural.of(limit.measure)
    edges = np.unique(np.quantile(measured, BINS))
    bins = np.clip(np.searchsorted(edges, measured, side="right") - 1, 0, len(edges) - 2)
    rows = []
    for number in range(len(edges) - 1):
        here = bins == number
        mated = here & ~np.isnan(natural.recognised)
        if mated.sum() >= FEWEST:
            share = natural.recognised[mated].mean()
            rows.append((np.median(measured[here]), share, *wilson(share, mated.sum()), natural.strangers[here].mean()))
    x, share, low, high, strangers = np.array(rows).reshape(-1, 5).T
    style = {"color": AS_THEY_ARE, "marker": "o", "ms": 4}
    above.errorbar(x, share, (share - low, high - share), capsize=2, label="as they are", **style)
    below.plot(x, strangers, **style)


def _copies(above: pyplot.Axes, below: pyplot.Axes, limit: Limit, shown: list[Copies]) -> None:
    none, *worse = shown
    for number, fault in enumerate(dict.fromkeys(copy.fault for copy in worse)):
        colour, aside = COLOURS[number], (4, -9) if number == 0 else (4, 5)
        own = [copy for copy in worse if copy.fault == fault]
        line = "" if fault == "cover" else "-"
        series = own if fault == "cover" else [none, *own]
        x = np.array([np.median(copy.of(limit.measure)) for copy in series])
        share = np.array([np.mean(copy.recognised) for copy in series])
        low, high = np.array([wilson(s, len(copy.qualities)) for s, copy in zip(share, series, strict=True)]).T
        order = np.argsort(x)
        spread = [part[order] for part in (share - low, high - share)]
        strangers = np.array([copy.strangers for copy in series])
        style = {"color": colour, "marker": "s", "ms": 4, "ls": line}
        above.errorbar(x[order], share[order], spread, capsize=2, label=f"made worse: {fault}", **style)
        below.plot(x[order], strangers[order], **style)
        for copy, across, up in zip(series, x, share, strict=True):
            if copy is not none:
                lost = f" ({copy.found:.0%} found)" if copy.found < 0.95 else ""
                above.annotate(
                    copy.name + lost, (across, up), xytext=aside, textcoords="offset points", fontsize=6.5, color=colour
                )


def _limits(axes: pyplot.Axes, limit: Limit, low: float, high: float) -> None:
    for bound, style, name in ((limit.live, "--", "live limit"), (limit.enrolment, "-", "enrolment limit")):
        axes.axvline(bound, color="#111", ls=style, lw=1.2, label=name)
    axes.axvspan(*((low, limit.live) if limit.at_least else (limit.live, high)), color="#111", alpha=0.06, lw=0)
    axes.set_xlim(low, high)


def _value(axes: pyplot.Axes, limit: Limit, good: float) -> None:
    measures, shares = zip(*limit.worths, strict=True)
    axes.plot(measures, np.array(shares) * good, color="#15803d", lw=1, ls=":", label="value, times the good")


def wilson(share: float, number: int, z: float = 1.96) -> tuple[float, float]:
    """The interval of 95 % of a share seen in so many cases (E. B. Wilson, 1927)."""
    centre = (share + z**2 / (2 * number)) / (1 + z**2 / number)
    reach = z * np.sqrt(share * (1 - share) / number + z**2 / (4 * number**2)) / (1 + z**2 / number)
    return float(min(centre - reach, share)), float(max(centre + reach, share))
