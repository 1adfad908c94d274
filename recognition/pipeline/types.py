"""What travels between the steps: frozen values, named fields, shapes and units said once, here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # (height, width, 3), RGB
Template = NDArray[np.float32]  # (dimension,), unit length
Templates = NDArray[np.float32]  # (n, dimension), rows of unit length
POOLED = ""  # in place of a reference: the row is the mean of its subject's other rows, which stand right before it
Box = tuple[float, float, float, float]  # x, y, width, height in pixels of the full-size frame


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A detected face, in pixels of the full-size frame."""

    box: NDArray[np.float32]  # (4,) x, y, width, height
    landmarks: NDArray[np.float32]  # (5, 2) eye, eye, nose, mouth corner, mouth corner; each pair from the image's left
    score: float  # the detector's own, 0 to 1

    @property
    def xywh(self) -> Box:
        """The box as plain numbers, as tracks and pages hold it."""
        x, y, width, height = (float(value) for value in self.box)
        return x, y, width, height


@dataclass(frozen=True, slots=True)
class Quality:
    """Named measures of one face, after ISO/IEC 29794-5, and what they come to. See `quality.measure` for each.

    The defaults are those of a face without that fault.
    """

    inter_eye: float  # pixels of the picture
    sharpness: float  # twice the variance of the second difference along the worse axis, at usual brightness
    exposure: float  # mean luminance, 0 to 255
    yaw: float  # 0 frontal to 1 profile
    value: float  # 0 to 1: the share of mated comparisons that succeed, next to a good face, by the worst measure
    shortfalls: tuple[str, ...] = ()  # codes of the limits that are not met, the costliest first
    pitch: float = 0.0  # 0 level to 1: the nose as high as the eyes, or as low as the mouth
    roll: float = 0.0  # degrees between the line of the eyes and the horizontal
    inside: float = 1.0  # share of the aligned face that the picture holds
    over_exposure: float = 0.0  # share of the face that is washed out
    contrast: float = 1.0  # from dark to light within the face, in mean luminances
    uniformity: float = 1.0  # luminance of the darker half of the face next to the lighter half's
    noise: float = 0.0  # standard deviation where the face is smoothest, grey values at usual brightness
    blockiness: float = 1.0  # steps between the blocks of a JPEG next to the steps beside them
    eyes: float = 1.0  # spread of luminance in the less structured eye, in that of its half of the face
    mouth: float = 1.0  # spread of luminance around the mouth, in that of the whole face

    @property
    def usable(self) -> bool:
        return not self.shortfalls


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """What one use asks of a face: bounds by the codes of `limits.LIMITS`. What is not named is not asked."""

    bounds: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Enrolment:
    """A reference image that passed, and what is made of it."""

    template: Template
    image: bytes  # JPEG without metadata, upright, other faces covered
    portrait: Image  # aligned and wider, for people who compare
    landmarks: NDArray[np.float32]  # (5, 2), in pixels of `image`
    quality: Quality


@dataclass(frozen=True, slots=True)
class Hit:
    """A reference whose score reached the threshold asked for."""

    reference: str
    subject: str
    score: float  # cosine similarity, -1 to 1


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """The templates of one deployment's list: exact search, one matrix of unit vectors."""

    templates: Templates
    references: Sequence[str]  # one per row, POOLED where the row is a mean of others
    subjects: Sequence[str]  # one per row
    version: int
    pack: str  # "name-version"; templates of different packs never meet

    def __len__(self) -> int:
        return len(self.references)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a track knows of one subject: scores only, never a template."""

    reference: str  # the reference of the best score
    scores: tuple[float, ...]  # of the last usable frames; the search floor where the subject did not reach it
    weights: tuple[float, ...]  # quality of those frames
    best: float


@dataclass(frozen=True, slots=True)
class Track:
    """One passage before one camera. Holds boxes, counts and scores; of a face itself nothing."""

    id: str
    box: Box
    born: float  # seconds, the caller's clock
    seen: float
    frames: int
    usable: int  # frames that were good enough, and compared with the list
    best_quality: float  # of those
    evidence: dict[str, Evidence] = field(default_factory=dict)  # by subject
    raised: dict[str, float] = field(default_factory=dict)  # subjects handed on as candidates by this track, and when
    velocity: tuple[float, float] = (0.0, 0.0)  # of the box's centre, pixels per second, smoothed
    compared: float = 0.0  # seconds; when a frame was last compared with the list


@dataclass(frozen=True, slots=True)
class Tracks:
    """All the tracks of one camera; `next_id` never repeats within a camera's session."""

    items: tuple[Track, ...] = ()
    next_id: int = 1
    swept: float | None = None  # seconds; when the whole frame was last searched for faces


MARGIN, GLANCE = 1.0, 0.5  # in spreads; docs/decisions/0010 and 0013 have what others gave


@dataclass(frozen=True, slots=True)
class Policy:
    """What one deployment asks of the engine. No default threshold: a number nobody chose means nothing.

    Packs spread their scores differently, so that distances between scores are counted in `spread`.
    """

    threshold: float  # fused cosine similarity at and above which a passage is a candidate
    spread: float  # how far scores of one person lie apart, of the pack: one standard deviation
    quality: QualityLimits
    min_face: int = 60  # pixels, the side of the smallest face looked for
    agree: int = 3  # usable frames that must agree
    agree_good: int = 2  # ... when their quality is at least good_quality
    good_quality: float = 0.75  # one photograph of LFW in twenty is worth less
    again_after: float = 12.0  # seconds until a track that still shows a subject hands it on again
    track_life: float = 2.0  # seconds a track outlives its last box

    @property
    def floor(self) -> float:
        """The lowest single score that counts as evidence: a frame may score that far below and still agree."""
        return self.threshold - MARGIN * self.spread

    @property
    def glance_floor(self) -> float:
        """The lowest score at a first look for which a second one is worth its time."""
        return self.floor - GLANCE * self.spread


@dataclass(frozen=True, slots=True)
class SeenFace:
    """What the page may show of a face: where it is and how good, never who."""

    track: str
    box: Box
    quality: float
    usable: bool
    shortfalls: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A passage whose evidence says: have this verified. Carries the only pixels that leave a call."""

    subject: str
    reference: str
    score: float  # fused over the track
    frames: int  # usable frames that agreed
    track: str
    box: Box
    quality: Quality
    crop: Image  # the face with its surroundings, unaligned, other faces covered; for verification and human eyes
    landmarks: NDArray[np.float32]  # (5, 2), in pixels of the crop


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of each step of one frame; quality and alignment count as embedding."""

    decode_ms: float
    detect_ms: float
    embed_ms: float
    search_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class FrameResult:
    faces: tuple[SeenFace, ...]
    tracks: Tracks
    candidates: tuple[Candidate, ...]
    faces_seen: int  # tracks that had their first usable frame in this call; that one is always compared
    templates_destroyed: int  # templates made in this call, all gone when it returns
    timing: Timing
