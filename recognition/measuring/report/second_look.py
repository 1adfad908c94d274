"""Section: what DeepFace.verify removes of the candidates, and the limit it should have."""

from typing import Any

from recognition.measuring.errors import TooFew
from recognition.measuring.report.ground import WORKING_FPIR, Ground
from recognition.measuring.report.section import Section
from recognition.measuring.report.wording import rate, share_figures, share_said
from recognition.measuring.secondlook import SecondLook, second_look
from recognition.packs import registry

TITLE = "What verification removes (DeepFace.verify)"
LOST = 0.01  # of true candidates at most, at a calibrated limit
LEAST = 100  # true candidates for a hundredth of them to be told

CALIBRATED = f"the limit that loses {rate(LOST)} of true candidates here"
KEYS = {"the pack's limit": "pack_limit", "DeepFace's own limit": "deepface_limit", CALIBRATED: "calibrated"}


def verified(ground: Ground) -> Section:
    if not ground.request.verify:
        return Section(TITLE, ("Not measured; --verify measures it, at about a tenth of a second a pair.",), _none())
    request, pack = ground.request, registry.find(ground.request.pack)
    try:
        listed, threshold = ground.working
    except TooFew as error:
        return Section(TITLE, (f"Cannot be told. {error}",), _none(str(error)))
    found = second_look(
        ground.reading,
        threshold,
        pack=pack.name,
        cache=request.cache,
        most=request.verify,
        seed=request.seed,
        jobs=request.jobs,
        quiet=request.quiet,
    )
    limits = {"DeepFace's own limit": _deepface_limit(pack)}
    if pack.verification is not None:
        limits |= {"the pack's limit": pack.verification.distance}
    lines = [
        f"Candidates are pairs over the threshold of FPIR {rate(WORKING_FPIR)} with {listed:,} listed, "
        f"{threshold:.4f}. DeepFace looks at each again, on its own alignment: good if true ones stay and "
        "false ones go. Pairs of one person hang together, so the intervals are somewhat too narrow.",
        f"{_of(found.mated, found.mated_candidates)} true and {_of(found.non_mated, found.non_mated_candidates)} false "
        "candidates were verified.",
    ]
    too_few = "" if len(found.mated) >= LEAST else f"Fewer than {LEAST} true candidates: there are {len(found.mated)}."
    if not too_few:
        limits |= {CALIBRATED: found.distance_losing(LOST)}
    for name, distance in limits.items():
        true, false = found.removed(distance)
        lines += [
            f"At {name}, a distance of {distance:.4f}:",
            f"  true candidates removed: {share_said(true)}",
            f"  false candidates removed: {share_said(false)}",
        ]
    if too_few:
        lines.append(f"The limit that loses {rate(LOST)} of true candidates cannot be told. {too_few}")
    return Section(TITLE, tuple(lines), {"verify": _figures(found, limits, threshold, too_few)})


def _figures(found: SecondLook, limits: dict[str, float], threshold: float, too_few: str) -> dict[str, Any]:
    rows: dict[str, Any] = {
        "threshold": threshold,
        "true_candidates": found.mated_candidates,
        "false_candidates": found.non_mated_candidates,
        **dict.fromkeys(KEYS.values()),
    }
    for name, distance in limits.items():
        true, false = found.removed(distance)
        rows[KEYS[name]] = {
            "distance": distance,
            "true_removed": share_figures(true),
            "false_removed": share_figures(false),
        }
    return rows | ({"reason": too_few} if too_few else {})


def _none(reason: str = "--verify was not given.") -> dict[str, Any]:
    return {"verify": None, "verify_reason": reason}


def _of(verified: Any, candidates: int) -> str:
    return f"{len(verified):,}" if len(verified) == candidates else f"{len(verified):,} of {candidates:,}"


def _deepface_limit(pack: registry.Pack) -> float:
    from deepface.modules.verification import find_threshold

    return float(find_threshold(pack.recogniser, "cosine"))
