"""Is somebody who is looked for in any of these pieces?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from recognition.leakscan.encodings import Layer, layers
from recognition.leakscan.images import pictures
from recognition.leakscan.likeness import Likeness
from recognition.leakscan.pieces import Piece
from recognition.leakscan.templates import windows


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who is looked for was found."""

    piece: Piece = field(repr=False)  # its bytes do not belong in a report
    form: str  # "picture at 0, base64", "<f4 template, as it is"
    score: float

    def __str__(self) -> str:
        return f"{self.piece.kind} {self.piece.place}, {self.piece.where}: {self.form}, similarity {self.score:.3f}"


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found. A scan that looked at no picture has proved nothing about pictures."""

    matches: list[Match] = field(default_factory=list)
    pieces: int = 0
    pictures: int = 0
    windows: int = 0
    highest: float = -1.0  # score of whatever came nearest


def scan(pieces: Iterable[Piece], *, likeness: Likeness, threshold: float) -> Report:
    """Every picture and every stretch of numbers in every layer of every piece. The same bytes are looked at once."""
    report = Report()
    scores: dict[bytes, list[tuple[str, float]]] = {}
    for piece in pieces:
        report.pieces += 1
        if piece.data not in scores:
            scores[piece.data] = [found for layer in layers(piece.data) for found in _look(layer, likeness, report)]
        for form, score in scores[piece.data]:
            report.highest = max(report.highest, score)
            if score >= threshold:
                report.matches.append(Match(piece, form, score))
    return report


def _look(layer: Layer, likeness: Likeness, report: Report) -> list[tuple[str, float]]:
    found = []
    for picture in pictures(layer.data):
        report.pictures += 1
        found.append((f"picture at {picture.offset}, {layer}", likeness.of_picture(picture.image)))
    for stretch in windows(layer.data):
        report.windows += len(stretch.vectors)
        found.append((f"{stretch.form} template, {layer}", float(likeness.of_windows(stretch).max())))
    return found
