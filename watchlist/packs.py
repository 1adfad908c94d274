"""Which packs can a deployment be searched with? What the package above offers; here they are names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfferedPack:
    identifier: str  # "name-version", as templates and deployments carry it
    limits: str  # what must be known before it is chosen, in sentences


_sources: list[Callable[[], Sequence[OfferedPack]]] = []


def offered_by(source: Callable[[], Sequence[OfferedPack]]) -> None:
    """Called once, at the start: `source` is asked whenever a person is to choose."""
    _sources[:] = [source]


def offered_packs() -> list[OfferedPack]:
    """Those that are installed and may be used, the installation's own first."""
    return [pack for source in _sources for pack in source()]
