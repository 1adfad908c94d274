"""Which calibration comes with a pack? The one that stands beside it as a file, numbers only."""

from functools import cache
from importlib.resources import files

from watchlist.calibration import Calibration, from_json

SUFFIX = ".calibration.json"


@cache
def shipped(pack: str) -> Calibration:
    """The calibration that comes with a pack ("name-version"); LookupError where it has none."""
    data = files(__package__) / f"{pack}{SUFFIX}"
    if not data.is_file():
        raise LookupError(f"The pack {pack} comes without a calibration; measure one with `manage.py calibrate`.")
    return from_json(data.read_text(encoding="utf-8"))


def all_shipped() -> list[Calibration]:
    """Every calibration that comes with this version."""
    names = sorted(each.name for each in files(__package__).iterdir() if each.name.endswith(SUFFIX))
    return [shipped(name.removesuffix(SUFFIX)) for name in names]
