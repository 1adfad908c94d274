"""May frames be given to the Redis of REDIS_URL? Asked by `./run`, and by every web process and worker as it starts."""

from lfrweb.embedded.redis import refuse_persistence
from lfrweb.env import EMBEDDED, persistent_redis_is_accepted, redis_url


def require_fleeting_redis() -> None:
    """Raises CannotStart where the server keeps what it is given, unless LFR_ACCEPT_PERSISTENT_REDIS accepts that."""
    if not EMBEDDED.redis and not persistent_redis_is_accepted():
        refuse_persistence(redis_url())
