"""What may this package be told by Django's settings, and what does it do untold?

Addresses and folders are settings of the project (LFR_REDIS_URL, LFR_SHM_DIR, LFR_PACK_CACHE). Everything else has a
default here and is changed by an entry of the same name in the dictionary LFR_RECOGNITION.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Conf:
    """Times are seconds, sizes are bytes unless they say pixels."""

    redis_url: str
    shared_memory: Path | None  # None: each worker keeps galleries in memory of its own
    pack_cache: Path
    pack: str = "dlib"

    # A frame older than this helps nobody: people have walked on. The page gives a frame up after the same time.
    frame_life: float = 2.0
    job_life: float = 2.0  # of a queued or running job; then another may be queued for its camera
    track_life: float = 5.0  # over the 2 s for which the pipeline carries a track without a box
    candidate_life: float = 10.0
    again_after: float = 12.0  # a candidate without an answer is handed on again; by then the one before is gone
    unanswered_life: float = 30.0  # over the time until that
    counter_life: float = 3600.0  # how long counts wait in Redis for a worker that writes them down

    message_limit: int = 1_000_000  # under Daphne's own 1 MiB, which would close the socket without a word
    min_face: int = 60  # pixels, the side of the smallest face looked for

    tick: float = 1.0  # how often a camera's socket looks how its deployment stands; "refused within 2 s" rests on it
    rights_every: float = 5.0  # how often a socket asks whether its person may still use it
    clock_tolerance: float = 5.0  # a browser's clock further off than this is mentioned to its user
    frozen_after: float = 5.0  # the same bytes for this long: no sensor repeats its noise
    silent_after: float = 5.0  # no frame for this long
    health_every: float = 5.0

    warm_life: float = 15.0  # a worker process that has not reported for this long is not there
    warm_every: float = 4.0  # also how often a process looks for galleries it must let go


def conf() -> Conf:
    """The settings as they stand; read at each use, so that tests can override them."""
    try:
        return Conf(
            redis_url=settings.LFR_REDIS_URL,
            shared_memory=settings.LFR_SHM_DIR,
            pack_cache=settings.LFR_PACK_CACHE,
            **getattr(settings, "LFR_RECOGNITION", {}),
        )
    except TypeError as error:
        known = ", ".join(sorted(Conf.__slots__))
        raise ImproperlyConfigured(f"LFR_RECOGNITION holds an unknown name; the known ones are {known}.") from error
