"""Where the sample footage lies: beside what else was made once and can be made again."""

from pathlib import Path

from recognition.conf import conf
from recognition.footage.write import make_sample


def sample() -> Path:
    """The footage, made at the first call (six seconds)."""
    path = conf().pack_cache.parent / "footage" / "sample.webm"
    return path if path.exists() else make_sample(path)
