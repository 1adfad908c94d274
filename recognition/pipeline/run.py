"""What happens to one frame? The steps in order; the templates made on the way end with the call."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import perf_counter

from recognition.pipeline.attend import worth_a_template
from recognition.pipeline.cover import kept_picture
from recognition.pipeline.decide import Verdict, decide, hand_on, is_first
from recognition.pipeline.decode import decode
from recognition.pipeline.embed import glance, look_closely
from recognition.pipeline.errors import PipelineError
from recognition.pipeline.evidence import weigh
from recognition.pipeline.interfaces import Engine
from recognition.pipeline.quality import measure
from recognition.pipeline.search import search
from recognition.pipeline.sweep import find
from recognition.pipeline.track import follow
from recognition.pipeline.types import (
    Candidate,
    Face,
    FrameResult,
    Gallery,
    Hit,
    Image,
    Policy,
    Quality,
    SeenFace,
    Timing,
    Track,
    Tracks,
)


def process_frame(
    engine: Engine,
    *,
    jpeg: bytes,
    tracks: Tracks,
    gallery: Gallery,
    policy: Policy,
    now: float,
    asks: Callable[[Verdict], bool] = is_first,
    stopwatch: Callable[[], float] = perf_counter,
) -> FrameResult:
    """Faces, tracks and candidates of one frame of one camera.

    `now` is the server's receive time in seconds, `tracks` what the camera's last call returned. Of a verdict that
    `asks` for verification a candidate is made, with a picture. BadFrame where the bytes are no frame;
    PipelineError("pack_mismatch") where the gallery was made by another pack.
    """
    _refuse_other_pack(engine, gallery)
    laps = _Laps(stopwatch)
    image = decode(jpeg)
    laps.end("decode_ms")
    found = find(engine.detector, image, tracks=tracks, min_face=policy.min_face, now=now)
    followed = follow(tracks, found.faces, now=now, life=policy.track_life)
    laps.end("detect_ms")
    sightings = [_look(image, face, track, policy) for face, track in zip(found.faces, followed.ids, strict=True)]
    compared = _worth_templates(sightings, followed.tracks, now)
    points = [sighting.face.landmarks for sighting in compared]
    glances = glance(engine, image, points)
    laps.end("embed_ms")
    glanced = search(gallery, glances, floor=policy.glance_floor)
    laps.end("search_ms")
    resembling = [row for row, found in enumerate(glanced) if found]
    closer = look_closely(engine, image, [points[row] for row in resembling], glances[resembling])
    laps.end("embed_ms")
    confirmed = search(gallery, closer, floor=policy.floor)
    hits = dict(zip(resembling, confirmed, strict=True))
    laps.end("search_ms")
    judged = _judge(followed.tracks, compared, [hits.get(row, []) for row in range(len(compared))], policy, now)
    return FrameResult(
        faces=tuple(_seen(sighting) for sighting in sightings),
        tracks=replace(judged.tracks, swept=found.swept),
        candidates=tuple(
            _candidate(engine, image, found.faces, *verdict) for verdict in judged.verdicts if asks(verdict[1])
        ),
        faces_seen=judged.faces_seen,
        templates_destroyed=len(glances) + len(closer),
        timing=laps.timing(),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sighting:
    """One face of this frame, with the track it belongs to."""

    track: str
    face: Face
    quality: Quality


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """The camera's tracks with this frame's evidence, and the sightings that became candidates."""

    tracks: Tracks
    verdicts: list[tuple[_Sighting, Verdict]]
    faces_seen: int


@dataclass(slots=True)
class _Laps:
    """Milliseconds between calls, on the stopwatch given; of a step that is taken twice, of both."""

    stopwatch: Callable[[], float]
    laps: dict[str, float] = field(default_factory=dict)
    start: float = field(init=False)
    last: float = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.last = self.stopwatch()

    def end(self, name: str) -> None:
        before, self.last = self.last, self.stopwatch()
        self.laps[name] = self.laps.get(name, 0.0) + (self.last - before) * 1000

    def timing(self) -> Timing:
        return Timing(**self.laps, total_ms=(self.stopwatch() - self.start) * 1000)


def _refuse_other_pack(engine: Engine, gallery: Gallery) -> None:
    if gallery.pack != engine.pack:
        raise PipelineError(
            "pack_mismatch",
            f"The list was enrolled with {gallery.pack}, this engine is {engine.pack}. Enrol the list again.",
        )


def _look(image: Image, face: Face, track: str, policy: Policy) -> _Sighting:
    return _Sighting(track, face, measure(image, face.landmarks, limits=policy.quality))


def _worth_templates(sightings: list[_Sighting], tracks: Tracks, now: float) -> list[_Sighting]:
    by_id = {track.id: track for track in tracks.items}
    return [each for each in sightings if worth_a_template(by_id[each.track], each.quality, now=now)]


def _judge(before: Tracks, compared: list[_Sighting], hits: list[list[Hit]], policy: Policy, now: float) -> _Judged:
    tracks: dict[str, Track] = {track.id: track for track in before.items}
    faces_seen, verdicts = 0, []
    for sighting, found in zip(compared, hits, strict=True):
        track = weigh(tracks[sighting.track], hits=found, quality=sighting.quality, policy=policy)
        track = replace(track, compared=now)
        faces_seen += track.usable == 1
        if verdict := decide(track, policy=policy, now=now):
            track = hand_on(track, verdict, now=now)
            verdicts.append((sighting, verdict))
        tracks[track.id] = track
    return _Judged(replace(before, items=tuple(tracks.values())), verdicts, faces_seen)


def _seen(sighting: _Sighting) -> SeenFace:
    quality = sighting.quality
    return SeenFace(sighting.track, sighting.face.xywh, quality.value, quality.usable, quality.shortfalls)


def _candidate(engine: Engine, image: Image, faces: list[Face], sighting: _Sighting, verdict: Verdict) -> Candidate:
    kept = kept_picture(engine.detector, image, sighting.face, others=faces)
    return Candidate(
        subject=verdict.subject,
        reference=verdict.reference,
        score=verdict.score,
        frames=verdict.frames,
        track=sighting.track,
        box=sighting.face.xywh,
        quality=sighting.quality,
        crop=kept.picture,
        landmarks=kept.holds(sighting.face).landmarks,
    )
