"""Section: same person or not."""

from dataclasses import asdict
from typing import Any

from recognition.measuring.errors import TooFew
from recognition.measuring.report.curves import det, distributions
from recognition.measuring.report.ground import Ground
from recognition.measuring.report.section import Plot, Section
from recognition.measuring.report.wording import one_in, percent, rate
from recognition.measuring.verifying import FARS, FOLDS, Accepted, accepted_at, verification
from watchlist.intervals import at_most

EXPLAINED = (
    "Two images at a time: does the pack say rightly whether they show one person (a mated pair) or two? FAR is the "
    "share of non-mated pairs accepted as one person, TAR the share of mated pairs accepted."
)


def same_person(ground: Ground) -> Section:
    lines, figures = _accuracy(ground)
    rows, listed = _accepted(ground)
    pairs = ground.pairs
    enough = bool(len(pairs.mated) and pairs.non_mated.total)
    plots = (
        Plot("scores", "Scores of pairs of images", lambda axes: distributions(axes, pairs)),
        Plot("det", "Detection error trade-off", lambda axes: det(axes, pairs)),
    )
    return Section(
        "Same person or not (verification)",
        (EXPLAINED, *lines, *rows),
        {"verification": figures | {"tar_at_far": listed}},
        plots if enough else (),
    )


def _accuracy(ground: Ground) -> tuple[list[str], dict[str, Any]]:
    try:
        found = verification(ground.reading.photographs, ground.pairs, seed=ground.request.seed)
    except TooFew as error:
        nothing = {"pairs": 0, "accuracy": None, "std": None, "std_of_draws": None, "eer": None, "reason": str(error)}
        return [f"Accuracy cannot be told. {error}"], nothing
    figures = asdict(found)
    if found.eer:
        eer = percent(found.eer, 2)
    else:
        eer = f"fewer than {one_in(at_most(found.pairs // 2))}"
        figures |= {"eer": None, "eer_reason": eer}
    line = (
        f"Over {found.pairs // 2:,} mated and as many non-mated pairs, {FOLDS} folds: {percent(found.accuracy, 2)} "
        f"right (sd {percent(found.std, 2)} over folds, {percent(found.std_of_draws, 2)} over draws of the non-mated "
        f"pairs); equal error rate {eer}."
    )
    return [line], figures


def _accepted(ground: Ground) -> tuple[list[str], list[dict[str, Any]]]:
    lines, figures = ["", f"{'FAR':>10} {'TAR':>10} {'threshold':>11} {'false pairs':>13}"], []
    for far in FARS:
        try:
            found = accepted_at(ground.pairs, far)
        except TooFew as error:
            lines.append(f"{rate(far):>10}   cannot be told: {error}")
            figures.append({"far": far, "tar": None, "threshold": None, "false": None, "reason": str(error)})
            continue
        lines.append(_line(found))
        figures.append(asdict(found))
    return lines, figures


def _line(found: Accepted) -> str:
    return f"{rate(found.far):>10} {percent(found.tar):>10} {found.threshold:11.4f} {found.false:13,}"
