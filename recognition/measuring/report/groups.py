"""Section: are error rates the same for all groups of people?"""

from typing import Any

from recognition.measuring.errors import TooFew
from recognition.measuring.groupsearches import group_searches
from recognition.measuring.report.ground import WORKING_FPIR, Ground
from recognition.measuring.report.section import Section
from recognition.measuring.report.wording import points, rate, share_figures, share_said
from watchlist.fairness import Comparison, Gap, Told, compare, ten_points, twice

TITLE = "Groups of people (fairness)"


def fairness(ground: Ground) -> Section:
    request = ground.request
    if ground.groups is None:
        line = "Not measured; --groups takes a CSV of self-declared or officer-recorded groups. None are ever inferred."
        return Section(TITLE, (line,), {"groups": None, "groups_reason": "--groups was not given."})
    try:
        listed, threshold = ground.working
        found = group_searches(ground.sample, ground.groups, listed=listed, threshold=threshold, seed=request.seed)
    except TooFew as error:
        return Section(TITLE, (f"Cannot be told. {error}",), {"groups": None, "groups_reason": str(error)})
    comparisons = {
        "tpir": compare(found.found, worse=ten_points),
        "fpir": compare(found.false, worse=twice),
        "fpir_within_group": compare(found.false_within, worse=twice),
    }
    heads = (
        "TPIR: listed people found, one search for each person with two images",
        f"FPIR: false alerts, one search of each person on a list of {found.listed:,} others, drawn from everybody",
        f"FPIR with a list of {found.listed_within:,} others of the person's own group",
    )
    without = len(ground.sample.images) - sum(share.of for share in found.false.values())
    pairs = len(comparisons["tpir"].gaps)
    lines = [
        f"At the threshold of FPIR {rate(WORKING_FPIR)} with {listed:,} listed, {threshold:.4f}. "
        "Groups are those of the CSV, self-declared or officer-recorded. Two are compared only where both are large "
        "enough for a gap that matters to show (power 80 %, two-sided 5 %): smaller ones would call any system fair.",
        f"{without:,} people are in no group. Of the {pairs} comparisons in a table about one in twenty shows a "
        "difference by chance.",
    ]
    for head, comparison in zip(heads, comparisons.values(), strict=True):
        lines += ["", head, *_table(comparison)]
    figures = {
        "threshold": threshold,
        "listed": found.listed,
        "listed_within": found.listed_within,
        "without_group": without,
        **{name: _figures(comparison) for name, comparison in comparisons.items()},
    }
    return Section(TITLE, tuple(lines), {"groups": figures})


def _table(comparison: Comparison) -> list[str]:
    width = max(len(name) for name in comparison.shares)
    rows = [f"  {name:{width}}  {share_said(share)}" for name, share in comparison.shares.items()]
    gaps = [f"  {_gap(gap, comparison)}" for gap in comparison.gaps]
    return [*rows, *gaps]


def _gap(gap: Gap, comparison: Comparison) -> str:
    names = f"{gap.first} less {gap.second}:"
    between = gap.difference
    if between is None:
        return f"{names} {gap.told}, one of them was not tried"
    measured = f"{100 * between.value:+.1f} points (95 % interval {points(between.low, between.high)})"
    if gap.told is Told.NOT_ENOUGH:
        needed = f"{gap.told}: a gap of {100 * comparison.gap:.1f} points needs {comparison.needed:,} in each group"
        beware = "; yet the interval excludes no difference: look closer" if between.excludes_none else ""
        return f"{names} {needed}. {measured}{beware}"
    return f"{names} {gap.told}, {measured}"


def _figures(comparison: Comparison) -> dict[str, Any]:
    return {
        "groups": {name: share_figures(share) for name, share in comparison.shares.items()},
        "sample_needed": comparison.needed,
        "gap": comparison.gap,
        "differences": [
            {
                "first": gap.first,
                "second": gap.second,
                "difference": gap.difference and gap.difference.value,
                "low": gap.difference and gap.difference.low,
                "high": gap.difference and gap.difference.high,
                "told": str(gap.told),
            }
            for gap in comparison.gaps
        ],
    }
