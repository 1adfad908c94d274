"""A second pack of real parts: the default one's networks under another name.

Its templates are as long as the default pack's, and of the same face nearly the same: where templates of the two meet,
their score is high, and the test that looks for it fails.
"""

from dataclasses import replace

from recognition.packs.calibration import shipped
from recognition.packs.registry import PACKS, Pack

NAME = "second"
SECOND = f"{NAME}-1"


def second() -> Pack:
    return renamed(NAME)


def renamed(name: str) -> Pack:
    default = PACKS["dlib"]
    return replace(default, recognises=replace(default.recognises, name=name, version=1))


def calibrate_second() -> None:
    """As the networks it is made of are: a deployment can then be approved with it."""
    from tests.cast import PACK
    from watchlist.services.calibrations import calibration_store

    calibration_store(replace(shipped(PACK), pack=SECOND))
