"""Keeping what was measured of a pack: thresholds rest on it from then on."""

import hashlib

from django.db import transaction

from watchlist import calibration
from watchlist.models import Calibration
from watchlist.services import audit


@transaction.atomic
def calibration_store(found: calibration.Calibration) -> Calibration:
    """One measured here, by whoever runs the server. What is approved keeps its threshold; what is approved or started
    from now on rests on this one. The same measurement again changes nothing."""
    stored, new = _stored(found, shipped=False)
    if new:
        audit.record("calibration.stored", actor=None, facts=facts_of(stored), detail={"source": stored.source})
    return stored


@transaction.atomic
def calibration_enter_shipped(found: calibration.Calibration) -> None:
    """One that came with the software, entered whenever the database is brought to its shape. No act of anybody's, and
    so not on the record; what rests on it names it there."""
    _stored(found, shipped=True)


def facts_of(stored: Calibration) -> dict[str, str]:
    """Which calibration it was, for the record."""
    return {"pack": stored.pack, "sha256": stored.sha256, "measured_on": stored.measured_on.isoformat()}


def _stored(found: calibration.Calibration, *, shipped: bool) -> tuple[Calibration, bool]:
    content = calibration.to_json(found)
    return Calibration.objects.get_or_create(
        pack=found.pack,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        defaults={"source": found.source, "measured_on": found.date, "content": content, "shipped": shipped},
    )
