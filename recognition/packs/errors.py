"""PackError
├── UnknownPack     no pack of that name
├── MissingSource   a weight file that should have come with an installed package is not there
└── DamagedSource   a weight file is not the one this pack was made for, or cannot be read
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


class DamagedSource(PackError):
    code = "damaged-source"
