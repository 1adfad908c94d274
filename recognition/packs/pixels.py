"""In which form does a network take pixels? Size, colour order, place of the channels, range."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class ColourOrder(StrEnum):
    RGB = "RGB"
    BGR = "BGR"


@dataclass(frozen=True, slots=True)
class PixelInput:
    """What a recogniser's network is fed: (value - offset) / scale of each of a chip's values from 0 to 255."""

    side: int  # pixels
    order: ColourOrder
    planes: bool  # (n, 3, side, side) where True, else (n, side, side, 3)
    offset: float
    scale: float

    def of(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(n, side, side, 3) RGB chips as the network takes them. ValueError where they have another size."""
        if chips.shape[1:] != (self.side, self.side, 3):
            raise ValueError(f"Chips must be (n, {self.side}, {self.side}, 3), these are {chips.shape}.")
        ordered = chips if self.order is ColourOrder.RGB else chips[..., ::-1]
        values = (ordered.astype(np.float32) - np.float32(self.offset)) / np.float32(self.scale)
        return np.ascontiguousarray(values.transpose(0, 3, 1, 2) if self.planes else values)

    def __str__(self) -> str:
        low, high = (round((value - self.offset) / self.scale) for value in (0, 255))
        shape = f"3 × {self.side} × {self.side}" if self.planes else f"{self.side} × {self.side} × 3"
        return f"{shape}, {self.order}, {low} to {high}"

    @property
    def blank(self) -> NDArray[np.uint8]:
        """One black chip of that size, to run a network once."""
        return np.zeros((1, self.side, self.side, 3), np.uint8)
