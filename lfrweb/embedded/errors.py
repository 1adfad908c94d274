"""Why the servers or the product could not be started, in a sentence that says what to do."""


class CannotStart(Exception):
    """Shown to the person at the terminal as it stands."""
