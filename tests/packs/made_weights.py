"""Files with made networks, under the names and in the places where the published ones lie."""

from dataclasses import replace
from pathlib import Path

from recognition.packs import weights
from recognition.packs.install import sha256
from recognition.packs.parts import AnyPart, RecogniserPart
from recognition.packs.weights import WeightFile
from tests.packs import made_networks


def content(part: AnyPart) -> bytes:
    """A network with the inputs and outputs of that part's."""
    if isinstance(part, RecogniserPart):
        # SFace is published with a batch of one.
        return made_networks.recogniser(
            side=part.pixels.side,
            planes=part.pixels.planes,
            dimension=part.dimension,
            batch=1 if part.name == "sface" else "n",
        )
    return {"yunet": made_networks.yunet, "retinaface": made_networks.retinaface}[part.name]()


def stated(file: WeightFile, data: bytes) -> WeightFile:
    """The file, had these bytes been published."""
    return replace(file, sha256=sha256(data), size=len(data))


def put(file: WeightFile, data: bytes, cache: Path) -> None:
    path = weights.path_of(file, cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
