"""Sample footage of two people who walk by, made from two public-domain photographs on the machine it is shown on."""

from .scene import FPS, SIZE
from .write import make_mjpeg, make_sample

__all__ = ["FPS", "SIZE", "make_mjpeg", "make_sample"]
