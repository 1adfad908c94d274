"""What counts as a template in bytes? 128 numbers in a row of a plausible size: as floats of any kind, or as text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

DIMENSION = 128

# A template's numbers: unit vectors hold about 0.09 each, raw network outputs not ten times that. Random bytes read as
# floats are mostly far outside, so that 128 of them in a row inside are no accident; so are counts and texts.
SMALLEST, LARGEST = 1e-9, 16.0
FLOATS = ("<f4", ">f4", "<f8", ">f8")
MOST_AT_ONCE = 65_536  # windows: 32 MB

_NUMBERS = re.compile(rb"[0-9+\-.eE,; \t\r\n\[\](){}]{%d,}" % (2 * DIMENSION))
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_NUMPY_WORDS = re.compile(rb"np\.float(?:16|32|64)|dtype=float\d\d|array")


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Stretches of 128 numbers: (n, 128) float64, n at least 1; as vectors of any length but zero."""

    form: str
    vectors: NDArray[np.float64]


def windows(data: bytes) -> Iterator[Windows]:
    """All stretches of numbers that could be a template, whatever stands around them."""
    for form in FLOATS:
        size = np.dtype(form).itemsize
        for shift in range(size):
            count = (len(data) - shift) // size
            if count >= DIMENSION:
                yield from _plausible(np.frombuffer(data, form, count, shift), form)
    for run in _NUMBERS.findall(_NUMPY_WORDS.sub(b"", data)):
        numbers = _NUMBER.findall(run)
        if len(numbers) >= DIMENSION:
            yield from _plausible(np.array([float(number) for number in numbers]), "text")


def _plausible(values: NDArray[np.floating], form: str) -> Iterator[Windows]:
    """The windows in which every number has a template's size."""
    with np.errstate(invalid="ignore"):
        size = np.abs(values)
        good = (size >= SMALLEST) & (size <= LARGEST)
    if np.count_nonzero(good) < DIMENSION:
        return
    bad_before = np.concatenate([[0], np.cumsum(~good)])
    starts = np.flatnonzero(bad_before[DIMENSION:] == bad_before[:-DIMENSION])
    view = sliding_window_view(values, DIMENSION)
    for first in range(0, len(starts), MOST_AT_ONCE):
        yield Windows(form, view[starts[first : first + MOST_AT_ONCE]].astype(np.float64))
