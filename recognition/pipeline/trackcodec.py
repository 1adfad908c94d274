"""How do tracks travel between frames? Short JSON, since every frame of every camera reads and writes them."""

import json

from recognition.pipeline.types import Evidence, Track, Tracks


def to_json(tracks: Tracks) -> str:
    """A compact text that `from_json` reads back; boxes to a tenth of a pixel, times and quality to the fourth place.

    Scores are not rounded: a frame that did not find somebody stands there with the policy's floor, and a floor rounded
    up would count as agreement.
    """
    rows = [_track_row(track) for track in tracks.items]
    swept = None if tracks.swept is None else round(tracks.swept, 4)
    return json.dumps([tracks.next_id, rows, swept], separators=(",", ":"))


def from_json(text: str | bytes) -> Tracks:
    """What `to_json` wrote; ValueError where it did not."""
    try:
        next_id, rows, swept = json.loads(text)
        return Tracks(tuple(_track(row) for row in rows), next_id, swept)
    except (TypeError, KeyError) as error:
        raise ValueError("These are not tracks as this version writes them.") from error


def _track_row(track: Track) -> list[object]:
    return [
        track.id,
        [round(value, 1) for value in track.box],
        round(track.born, 4),
        round(track.seen, 4),
        track.frames,
        track.usable,
        round(track.best_quality, 4),
        {subject: _evidence_row(evidence) for subject, evidence in track.evidence.items()},
        {subject: round(moment, 4) for subject, moment in track.raised.items()},
        [round(value, 1) for value in track.velocity],
        round(track.compared, 4),
    ]


def _evidence_row(evidence: Evidence) -> list[object]:
    return [
        evidence.reference,
        list(evidence.scores),
        [round(weight, 4) for weight in evidence.weights],
        evidence.best,
    ]


def _track(row: list) -> Track:
    track_id, box, born, seen, frames, usable, best_quality, evidence, raised, (vx, vy), compared = row
    x, y, w, h = box
    known = {
        subject: Evidence(reference, tuple(scores), tuple(weights), best)
        for subject, (reference, scores, weights, best) in evidence.items()
    }
    return Track(
        track_id, (x, y, w, h), born, seen, frames, usable, best_quality, known, dict(raised), (vx, vy), compared
    )
