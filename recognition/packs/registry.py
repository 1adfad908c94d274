"""Which packs are there, what is known of each, and how one becomes an engine.

A pack is a recogniser with a detector: `arcface` uses the usual detector, `arcface+yunet` another one. Templates depend
on where a detector puts the landmarks, so that each combination is a pack of its own, with a calibration of its own.
"""

from dataclasses import dataclass
from pathlib import Path

from recognition.pipeline.interfaces import Alignment, Engine

from . import weights
from .catalogue import DETECTORS, RECOGNISERS
from .errors import NotForLiveUse, NotInstalled, NotMeasured, UnknownPack
from .parts import AnyPart, DetectorPart, RecogniserPart, Source, content, fault

DEFAULT_PACK = "dlib"
USUAL_DETECTOR = "mtcnn"
DEFAULT_CACHE = Path(__file__).resolve().parents[2] / "var" / "cache" / "packs"  # of commands; services pass their own


@dataclass(frozen=True, slots=True)
class VerificationLimit:
    """The distance at which DeepFace.verify says yes, and how it was found."""

    distance: float  # cosine, on DeepFace's own alignment
    mates_lost: float  # share of mated candidates above it
    false_removed: float  # share of false candidates above it
    measured: str  # on what, by which command


@dataclass(frozen=True, slots=True)
class Pack:
    """A recogniser and a detector. Templates of different packs never meet."""

    recognises: RecogniserPart
    detects: DetectorPart
    verification: VerificationLimit | None = None  # None: not measured yet

    @property
    def name(self) -> str:
        usual = self.detects.name == USUAL_DETECTOR
        return self.recognises.name if usual else f"{self.recognises.name}+{self.detects.name}"

    @property
    def identifier(self) -> str:
        """What templates, alerts and galleries carry."""
        return f"{self.name}-{self.recognises.version}"

    @property
    def detector(self) -> str:
        """DeepFace's name for it."""
        return self.detects.deepface

    @property
    def recogniser(self) -> str:
        """DeepFace's name for it."""
        return self.recognises.deepface

    @property
    def dimension(self) -> int:
        return self.recognises.dimension

    @property
    def alignment(self) -> Alignment:
        return self.recognises.alignment

    @property
    def operational(self) -> bool:
        """Whether its licence allows live use."""
        return self.recognises.operational

    @property
    def licence(self) -> str:
        return f"recogniser {self.recognises.licence}, detector {self.detects.licence}"

    @property
    def limits(self) -> str:
        """What must be known before it is used."""
        return f"{self.recognises.limits} {self.detects.limits}"

    @property
    def parts(self) -> tuple[DetectorPart, RecogniserPart]:
        return self.detects, self.recognises

    @property
    def sources(self) -> tuple[Source, ...]:
        return *self.detects.sources, *self.recognises.sources

    def verifies_at(self) -> float:
        """The cosine distance up to which DeepFace.verify says yes; NotMeasured where nobody has found it."""
        if self.verification is None:
            raise NotMeasured(
                f"At which distance {self.name} verifies has not been measured, and DeepFace's own table is not "
                f"trusted: measure it with manage.py evaluate DIR --verify 3000 --pack {self.name}."
            )
        return self.verification.distance


VERIFICATION = {
    "dlib": VerificationLimit(
        distance=0.1070,
        mates_lost=0.0098,
        false_removed=0.0610,
        measured="2026-11-25, 3,480 images of 2,000 people of LFW with a face found: 2,242 mated and 295 false "
        "candidates at FPIR 1 % with 250 listed; manage.py evaluate DIR --verify 3000",
    ),
}

PARTS: dict[str, AnyPart] = {part.name: part for part in (*RECOGNISERS, *DETECTORS)}
_WITHOUT_LIMITS = [Pack(recogniser, detector) for recogniser in RECOGNISERS for detector in DETECTORS]
PACKS = {pack.name: Pack(pack.recognises, pack.detects, VERIFICATION.get(pack.name)) for pack in _WITHOUT_LIMITS}


def find(name: str) -> Pack:
    """The pack of that name, in which the usual detector may be named too; UnknownPack otherwise."""
    try:
        return PACKS[name.removesuffix(f"+{USUAL_DETECTOR}")]
    except KeyError:
        raise UnknownPack(f"There is no pack named {name!r}. Known packs: {', '.join(sorted(PACKS))}.") from None


def find_for_live_use(name: str) -> Pack:
    """The pack of that name; UnknownPack, or NotForLiveUse where its licence allows research only."""
    pack = find(name)
    if not pack.operational:
        raise NotForLiveUse(
            f"The pack {name} must not be used live: its licence is {pack.recognises.licence}. "
            f"Choose one of {', '.join(live_packs())}."
        )
    return pack


def live_packs() -> list[str]:
    """Names of the packs whose licence allows live use, the default first."""
    return [pack.name for pack in PACKS.values() if pack.operational]


def parts_of(name: str) -> tuple[AnyPart, ...]:
    """The one recogniser or detector of that name, or both parts of a pack; UnknownPack otherwise."""
    if name in PARTS:
        return (PARTS[name],)
    return find(name).parts


def installed(pack: Pack, cache_dir: Path) -> bool:
    """Whether all its weights are there and have the hashes they must have."""
    return not any(fault(source, cache_dir) for source in pack.sources)


def load(pack_name: str, cache_dir: Path) -> Engine:
    """The pack as an engine of this process: files checked (converted where missing), sessions open, each run once.

    Takes about half a second, about two on the first call of an installation. Keep the result: one per process.
    NotInstalled where weights have still to be downloaded, DamagedSource where a file is not the right one.
    """
    pack = find(pack_name)
    missing = [f for part in pack.parts for f in part.files if not weights.path_of(f, cache_dir).exists()]
    if missing:
        raise NotInstalled(
            f"{', '.join(file.name for file in missing)} of the pack {pack.name} is not installed: "
            f"run manage.py models install {pack.name}."
        )
    return Engine(
        pack=pack.identifier,
        detector=pack.detects.open(*(content(source, cache_dir) for source in pack.detects.sources)),
        recogniser=pack.recognises.open(*(content(source, cache_dir) for source in pack.recognises.sources)),
        alignment=pack.alignment,
    )
