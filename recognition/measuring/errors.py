"""MeasuringError
├── TooFew        what is asked for cannot be measured on so little; the report says so and goes on
└── GroupsFault   a CSV of groups that cannot be used; the text names the lines
"""


class MeasuringError(Exception):
    """Base of all that measuring raises. The text says what is missing."""


class TooFew(MeasuringError):
    """The sample cannot support the figure."""


class GroupsFault(MeasuringError):
    """Who belongs to which group cannot be told from the file."""
