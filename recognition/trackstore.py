"""Where do a camera's tracks wait between two frames? In Redis for seconds; boxes and scores, nothing of a face."""

import logging
from uuid import UUID

from recognition.conf import conf
from recognition.connections import blocking, key
from recognition.mailbox import busy_key
from recognition.pipeline.trackcodec import from_json, to_json
from recognition.pipeline.types import Tracks

logger = logging.getLogger(__name__)

# A job that was given up for lost and wakes up again must not put old tracks over new ones.
_SAVE = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""


def load(camera: UUID) -> Tracks:
    """What `save` kept last, or no tracks where that is longer ago than a track lives."""
    text = blocking().get(_key(camera))
    if text is None:
        return Tracks()
    try:
        return from_json(text)
    except ValueError:
        logger.warning("Tracks written by another version are dropped.")
        return Tracks()


def save(camera: UUID, tracks: Tracks, *, token: str) -> bool:
    """Keeps the tracks if the job with this token still is the camera's; says whether it was."""
    script = blocking().register_script(_SAVE)
    life_ms = round(conf().track_life * 1000)
    return bool(script(keys=[_key(camera), busy_key(camera)], args=[token, to_json(tracks), life_ms]))


def _key(camera: UUID) -> str:
    return key("tracks", camera)
