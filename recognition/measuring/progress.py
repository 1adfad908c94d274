"""How far is it? A bar with rate and time left, on a terminal only."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def progress(items: Iterable[Item], title: str, *, total: int, unit: str, quiet: bool) -> Iterator[Item]:
    """The items, one by one; the bar goes when they end. It is not shown where `quiet`, nor in a file or a pipe."""
    hidden = True if quiet else None  # None: tqdm looks where it writes
    yield from tqdm(items, title, total, unit=f" {unit}", disable=hidden, leave=False)
