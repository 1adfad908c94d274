"""Which packs may a deployment be searched with here? The installation's own, and others installed and allowed."""

from functools import lru_cache
from time import monotonic

from recognition.conf import conf
from recognition.engine import default_pack
from recognition.packs import registry
from watchlist.packs import OfferedPack

ASKED_AGAIN_AFTER = 60.0  # seconds; telling whether a pack is installed reads all of its files


def offers() -> list[OfferedPack]:
    """The first is the installation's own, which is made where it is missing. Where the licence allows no operational
    use, a pack is for evaluating alone."""
    own = default_pack()
    minute = int(monotonic() // ASKED_AGAIN_AFTER)
    others = [pack for _, pack in sorted(registry.PACKS.items()) if pack.operational and pack != own]
    usable = [own, *(pack for pack in others if _installed(pack.name, pack.identifier, minute))]
    return [OfferedPack(pack.identifier, pack.limits) for pack in usable]


@lru_cache(maxsize=32)
def _installed(name: str, _identifier: str, _minute: int) -> bool:
    return registry.installed(registry.find(name), conf().pack_cache)
