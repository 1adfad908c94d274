"""The two halves of a pack: something that finds faces and something that tells them apart."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recognition.pipeline.interfaces import Alignment, FaceDetector, Recogniser

from . import weights
from .errors import DamagedSource, MissingSource, NotInstalled
from .install import Network, ensure_installed, is_installed, source_bytes
from .pixels import PixelInput
from .weights import WeightFile

Source = Network | WeightFile  # weights that a package carries, or that are downloaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    deepface: str  # DeepFace's name for it
    sources: tuple[Source, ...]
    licence: str
    limits: str  # what must be known before it is used

    @property
    def files(self) -> tuple[WeightFile, ...]:
        """What has to be downloaded; nothing where packages carry all the weights."""
        return tuple(source for source in self.sources if isinstance(source, WeightFile))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorPart(Part):
    open: Callable[..., FaceDetector]  # of the content of each source, in their order; DamagedSource where it is none


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniserPart(Part):
    version: int  # raised whenever templates made before can no longer be compared with new ones
    dimension: int
    alignment: Alignment
    pixels: PixelInput
    operational: bool  # whether its licence allows live use
    open: Callable[..., Recogniser]  # as a detector's


AnyPart = DetectorPart | RecogniserPart


def content(source: Source, cache_dir: Path) -> bytes:
    """Checked, and converted where it has to be. Raises MissingSource, NotInstalled or DamagedSource."""
    return (
        ensure_installed(source, cache_dir) if isinstance(source, Network) else weights.read_checked(source, cache_dir)
    )


def fault(source: Source, cache_dir: Path) -> str:
    """What is wrong with a source as it lies there; empty where nothing is. Converts and repairs nothing."""
    try:
        if isinstance(source, WeightFile):
            weights.read_checked(source, cache_dir)
            return ""
        source_bytes(source)
    except (MissingSource, NotInstalled, DamagedSource) as error:
        return error.message
    # Not converted yet is no fault: the first load does it. A conversion that does not fit its record is one.
    made = cache_dir / f"{source.name}.onnx"
    return (
        f"{made.name} has changed since it was made." if made.exists() and not is_installed(source, cache_dir) else ""
    )
