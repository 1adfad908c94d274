"""How many faces were seen, and how many templates destroyed? Added up in Redis, written down every few seconds.

A row update per frame would lock the deployment's row ten times a second and say nothing more.
"""

from uuid import UUID

from recognition.conf import conf
from recognition.connections import blocking, key
from watchlist.services.counters import deployment_counted

FACES, TEMPLATES = "faces", "templates"


def count(deployment: UUID, *, faces_seen: int, templates_destroyed: int) -> None:
    if not faces_seen and not templates_destroyed:
        return
    with blocking().pipeline() as pipe:
        pipe.hincrby(_key(), f"{deployment}:{FACES}", faces_seen)
        pipe.hincrby(_key(), f"{deployment}:{TEMPLATES}", templates_destroyed)
        pipe.expire(_key(), round(conf().counter_life))
        pipe.execute()


def flush() -> None:
    """Moves what was counted into the deployments' rows. What cannot be written stays counted."""
    with blocking().pipeline() as pipe:
        pipe.hgetall(_key())
        pipe.delete(_key())
        counted = {name.decode(): int(value) for name, value in pipe.execute()[0].items()}
    remaining = {name.split(":")[0] for name in counted}
    try:
        for deployment in sorted(remaining):
            deployment_counted(
                deployment_id=deployment,
                faces_seen=counted.get(f"{deployment}:{FACES}", 0),
                templates_destroyed=counted.get(f"{deployment}:{TEMPLATES}", 0),
            )
            remaining.discard(deployment)
    finally:
        for deployment in remaining:
            count(
                UUID(deployment),
                faces_seen=counted.get(f"{deployment}:{FACES}", 0),
                templates_destroyed=counted.get(f"{deployment}:{TEMPLATES}", 0),
            )


def _key() -> str:
    return key("counted")
