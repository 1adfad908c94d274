"""WatchlistError
├── NotAllowed          the role table, or the separation of duties, says no
├── NotFound            there is no such object, or this person may not know of it
├── Refused             a rule says no, whoever asks
├── InvalidInput        what was sent cannot be used; `fields` says which part
├── IllegalTransition   the state table has no such step
└── StaleState          somebody else was first; look again

`code` is for programs and the record, the text for the person in front of the screen.
"""


class WatchlistError(Exception):
    status = 400

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class NotAllowed(WatchlistError):
    status = 403


class NotFound(WatchlistError):
    status = 404


class Refused(WatchlistError):
    status = 409


class InvalidInput(WatchlistError):
    status = 400

    def __init__(self, code: str, message: str, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(code, message)
        self.fields = fields or {}


class IllegalTransition(WatchlistError):
    status = 409


class StaleState(WatchlistError):
    status = 409
