"""PackError
├── UnknownPack     no pack, recogniser or detector of that name
├── MissingSource   a weight file that should have come with an installed package is not there
├── NotInstalled    a weight file has not been downloaded, or the folder given does not hold it
├── CannotFetch     a download failed or was cut off; what came is kept and continued next time
├── DamagedSource   a weight file is not the one this pack was made for, or cannot be read
├── NotForLiveUse   the pack's licence allows research only
├── NotMeasured     at which distance the pack verifies has not been measured
└── NotRemovable    the weights belong to an installed package
"""


class PackError(Exception):
    """Base of all that packs raise. `code` is for programs, the text says what to do."""

    code = "pack"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnknownPack(PackError):
    code = "unknown-pack"


class MissingSource(PackError):
    code = "missing-source"


class NotInstalled(PackError):
    code = "not-installed"


class CannotFetch(PackError):
    code = "cannot-fetch"


class DamagedSource(PackError):
    code = "damaged-source"


class NotForLiveUse(PackError):
    code = "not-for-live-use"


class NotMeasured(PackError):
    code = "not-measured"


class NotRemovable(PackError):
    code = "not-removable"
