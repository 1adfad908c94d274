"""What an application says, and a digest of it that goes with the form: nobody approves what they have not read."""

import hashlib
import json

from watchlist.models import Deployment
from watchlist.selectors.calibrations import newest_calibration
from watchlist.selectors.deployments import list_size, staff_listed

WORDS = ("name", "place", "purpose", "evidence")
TERMS = (
    "ground",
    "categories",
    "starts_at",
    "ends_at",
    "time_zone",
    "pack",
    "one_in",
    "footfall",
    "two_person",
    "seeded_staff",
    "alert_seconds",
    "quiet_seconds",
    "demo",
)
FIELDS = frozenset({*WORDS, *TERMS})


def terms_digest(deployment: Deployment) -> str:
    """Moves with every term of the application, its cameras, its people, the length of its list and what its promise
    is worked out from."""
    read = {name: getattr(deployment, name) for name in sorted(FIELDS)}
    read["cameras"] = sorted(deployment.cameras.values_list("name", flat=True))
    read["members"] = sorted(deployment.memberships.values_list("user__username", "role"))
    read["listed"] = list_size(deployment)
    read["staff"] = staff_listed(deployment)
    read["gallery_version"] = deployment.gallery_version
    read["calibration"] = calibration.sha256 if (calibration := newest_calibration(deployment.pack)) else None
    return hashlib.sha256(json.dumps(read, default=str).encode()).hexdigest()
