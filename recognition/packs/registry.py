"""Which packs are there, what is known of each, and how one becomes an engine."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from recognition.pipeline.align import CHIP_SIDE
from recognition.pipeline.types import Engine

from . import dlib_resnet, mtcnn_graphs
from .errors import UnknownPack
from .install import Network, ensure_installed, is_installed
from .mtcnn import Mtcnn
from .sessions import Embedder, open_session

DEFAULT_PACK = "dlib"
DEFAULT_CACHE = Path(__file__).resolve().parents[2] / "var" / "cache" / "packs"  # of commands; services pass their own


class Alignment(StrEnum):
    """How a chip is cut for the recogniser."""

    FIVE_POINTS_150 = "five-points-150"  # recognition.pipeline.align.CHIP_TEMPLATE


@dataclass(frozen=True, slots=True)
class VerificationLimit:
    """The distance at which DeepFace.verify says yes, and how it was found."""

    distance: float  # cosine, on DeepFace's own alignment
    mates_lost: float  # share of mated candidates above it
    false_removed: float  # share of false candidates above it
    measured: str  # on what, by which command


@dataclass(frozen=True, slots=True)
class Pack:
    """A detector, a recogniser and the alignment between them. Templates of different packs never meet."""

    name: str
    version: int  # raised whenever templates made before can no longer be compared with new ones
    detector: str  # DeepFace's name for it
    recogniser: str  # DeepFace's name for it
    dimension: int
    alignment: Alignment
    detector_networks: tuple[Network, ...]
    recogniser_network: Network
    licence: str
    operational: bool  # whether its licence and its measured errors allow live use
    limits: str  # what must be known before it is used
    verification: VerificationLimit

    @property
    def identifier(self) -> str:
        """What templates, alerts and galleries carry."""
        return f"{self.name}-{self.version}"

    @property
    def networks(self) -> tuple[Network, ...]:
        return (*self.detector_networks, self.recogniser_network)


def _mtcnn(stage: str, digest: str) -> Network:
    return Network(
        name=f"mtcnn-{stage}",
        package="mtcnn",
        file=f"{stage}.lz4",
        sha256=digest,
        build=getattr(mtcnn_graphs, stage),
        conversion=2,
    )


PACKS = {
    "dlib": Pack(
        name="dlib",
        version=1,
        detector="mtcnn",
        recogniser="Dlib",
        dimension=dlib_resnet.DIMENSION,
        alignment=Alignment.FIVE_POINTS_150,
        detector_networks=(
            _mtcnn("pnet", "ea6b0c3e685ebee3165326ad6484acc95f2ef78f1c94fbf40a55704fa989f7b5"),
            _mtcnn("rnet", "cb00e6460f3c98b0bfafaba3c0a0ded4bdf6e62cee7174d969e8670d7e757fee"),
            _mtcnn("onet", "94f6ea2f4cf985275ee958cdd762d17b6009348a4fb9d8c6be39ba73ffd22ca3"),
        ),
        recogniser_network=Network(
            name="dlib-resnet",
            package="face-recognition-models",
            file="dlib_face_recognition_resnet_model_v1.dat",
            sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
            build=dlib_resnet.build,
            conversion=1,
        ),
        licence="recogniser CC0-1.0, detector MIT",
        operational=True,
        limits="For demonstrations and short lists. With one still image per search and 250 people listed it finds "
        "74 % of those listed at 1 % false positives (LFW); a list of thousands needs a stronger pack.",
        verification=VerificationLimit(
            distance=0.1047,
            mates_lost=0.0099,
            false_removed=0.0741,
            measured="2026-11-25, 3,480 images of 2,000 people of LFW with a face found: 2,026 mated and 243 false "
            "candidates at FPIR 1 % with 250 listed; python benchmarks/verification.py DIR",
        ),
    ),
}


def find(name: str) -> Pack:
    """The pack of that name; UnknownPack otherwise."""
    try:
        return PACKS[name]
    except KeyError:
        raise UnknownPack(f"There is no pack named {name!r}. Known packs: {', '.join(sorted(PACKS))}.") from None


def install(pack: Pack, cache_dir: Path) -> None:
    """Convert whatever is not yet in the cache. Raises MissingSource or DamagedSource."""
    for network in pack.networks:
        ensure_installed(network, cache_dir)


def installed(pack: Pack, cache_dir: Path) -> bool:
    """Whether every file is in the cache and has the hash that was recorded for it."""
    return all(is_installed(network, cache_dir) for network in pack.networks)


def load(pack_name: str, cache_dir: Path) -> Engine:
    """The pack as an engine of this process: files checked (converted where missing), sessions open, each run once.

    Takes about half a second, about two on the first call of an installation. Keep the result: one per process.
    """
    pack = find(pack_name)
    pnet, rnet, onet = (open_session(ensure_installed(network, cache_dir)) for network in pack.detector_networks)
    detector = Mtcnn(pnet=pnet, rnet=rnet, onet=onet)
    recogniser = Embedder(open_session(ensure_installed(pack.recogniser_network, cache_dir)))
    detector.warm()
    recogniser.embed(np.zeros((1, CHIP_SIDE, CHIP_SIDE, 3), np.uint8))
    return Engine(pack=pack.identifier, detector=detector, recogniser=recogniser)
