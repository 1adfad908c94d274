"""Section: what several frames of a person add to one, and several images of a listed person to one."""

from dataclasses import asdict
from typing import Any

from recognition.measuring.fusing import fusions, promises
from recognition.measuring.fusionwords import in_words
from recognition.measuring.passages import Passages, photographed, rendered
from recognition.measuring.pooling import poolings
from recognition.measuring.report.ground import Ground
from recognition.measuring.report.section import Section

TITLE = "Evidence over frames, and over several reference images"
IMAGES, LISTED = 2, 150  # references each, and people at most, of those listed by several
LEAST = 50  # people, for a draw of some of them to say anything
SEVERAL, SINGLE = 700, 400  # people with two images, and with one, who are rendered at most


def over_frames(ground: Ground) -> Section:
    """Passages of three photographs always; with --rendered also passages of frames made from one still."""
    listed = ground.lists[0].listed
    rows, promised, pooled, reasons = [], [], [], []
    for passages in _passages(ground):
        try:
            _require(sum(passage.mated for passage in passages.items), "listed people who pass")
            rows += fusions(passages, listed=listed, draws=ground.request.draws, seed=ground.request.seed)
            promised += promises(passages)
        except ValueError as error:
            reasons.append(f"Passages of {passages.footage} cannot be told. {error}")
    able = sum(len(own) > IMAGES for own in ground.sample.images)
    try:
        _require(able, f"people with {IMAGES + 1} images")
        pooled = poolings(
            ground.sample.photographs,
            images=IMAGES,
            listed=min(LISTED, able // 2),
            draws=ground.request.draws,
            seed=ground.request.seed,
        )
    except ValueError as error:
        reasons.append(f"Several reference images cannot be told. {error}")
    lines = [
        f"A list of {listed:,}. Rules are compared at equal shares of strangers found; gains, in points, are over the "
        "single best frame, or over the likest image; in brackets the middle 95 % of the draws.",
        *in_words(rows, promised, pooled),
        *reasons,
    ]
    if not ground.request.rendered:
        lines.append("Frames made from stills were not looked at; --rendered does, in some minutes.")
    return Section(TITLE, tuple(lines), _figures(rows, promised, pooled, reasons))


def _require(people: int, what: str) -> None:
    if people < LEAST:
        raise ValueError(f"Fewer than {LEAST} {what}: there are {people}.")


def _passages(ground: Ground) -> list[Passages]:
    found = []
    if any(len(own) > 1 for own in ground.sample.images):
        found.append(photographed(ground.sample.photographs))
        if frames := ground.request.rendered:
            found += rendered(
                ground.request.folder,
                several=SEVERAL,
                single=SINGLE,
                pack=ground.request.pack,
                cache=ground.request.cache,
                frames=frames,
                seed=ground.request.seed,
                jobs=ground.request.jobs,
                quiet=ground.request.quiet,
            )
    return found


def _figures(rows: list[Any], promised: list[Any], pooled: list[Any], reasons: list[str]) -> dict[str, Any]:
    return {
        "frames": {
            "rules": [asdict(row) for row in rows],
            "promises": [asdict(row) for row in promised],
            "reference_images": [asdict(row) for row in pooled],
            "reasons": reasons,
        }
    }
