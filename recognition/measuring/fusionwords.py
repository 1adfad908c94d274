"""Evidence over frames and images, in words: tables of text for a report."""

from collections.abc import Sequence
from itertools import groupby

from recognition.measuring.fusing import Fusion, Promise, Spread
from recognition.measuring.pooling import Pooling


def in_words(fusions: Sequence[Fusion], promises: Sequence[Promise], poolings: Sequence[Pooling] = ()) -> list[str]:
    """Lines of a report: TPIR by rule, what passages do to false alerts, and what several images give.

    In brackets the middle 95 % of the draws of who is listed.
    """
    lines = []
    for footage, rows in groupby(fusions, key=lambda row: row.footage):
        lines += _table(f"Passages of {footage}", [(row.rule, row.fpir, row.tpir, row.gain, "") for row in rows])
    lines += [
        f"Strangers' passages of {row.footage} at {row.threshold:.4f}: {row.passage:,} handed on of "
        f"{row.comparisons:,} held against one person each; by one good photograph of the same {row.one_look:,}. "
        + ("" if row.mated is None else f"Listed people handed on: {row.mated:.1%}.")
        for row in promises
    ]
    for images, found in groupby(poolings, key=lambda row: row.images):
        rows_of = [(row.way, row.fpir, row.tpir, row.gain, f"  false alerts x {row.false_alerts:.1f}") for row in found]
        lines += _table(f"{images} reference images each, one photograph searched for", rows_of)
    return lines


def _table(title: str, rows: Sequence[tuple[str, float, Spread, Spread, str]]) -> list[str]:
    width = max(len(name) for name, *_ in rows)
    return [
        title,
        *(
            f"  {name:{width}}  FPIR {fpir:4.0%}: TPIR {tpir.mean:5.1%} [{tpir.low:.1%}, {tpir.high:.1%}], "
            f"gain {100 * gain.mean:+5.1f} [{100 * gain.low:+.1f}, {100 * gain.high:+.1f}]{more}"
            for name, fpir, tpir, gain, more in rows
        ),
    ]
