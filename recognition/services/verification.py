"""Does a second comparison agree with a candidate? Only then an alert is raised; otherwise nothing of it is left."""

import datetime as dt
from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from recognition import candidates
from recognition.candidates import Waiting
from recognition.engine import verifier
from recognition.packs.verification import Verification, verify
from recognition.pipeline.align import portrait
from recognition.pipeline.decode import decode
from recognition.pipeline.picture import write_jpeg
from recognition.services import counting
from watchlist.models import Alert
from watchlist.selectors.gallery import sought_image
from watchlist.services.alerts import VerifiedCandidate, alert_raise


def verify_candidate(*, candidate_id: str, deployment_id: UUID) -> Alert | None:
    """Collects a candidate and compares its probe with the reference image. None where no new alert was raised.

    May be called again with the same id: a candidate can be collected once. One that fails on the way has no answer,
    and is handed on again by its track.
    """
    candidate = candidates.collect(candidate_id, deployment=deployment_id)
    if candidate is None:
        return None
    alert = _compared(candidate, deployment_id)
    candidates.answered(candidate)
    return alert


def _compared(candidate: Waiting, deployment_id: UUID) -> Alert | None:
    reference = sought_image(deployment_id, candidate.subject, candidate.reference, timezone.now())
    if reference is None:  # withdrawn, disputed, expired or taken off the list since the frame
        return None
    probe = decode(candidate.probe)
    with verifier(candidate.pack) as pack:
        verification = verify(probe, decode(reference), pack=pack)
    if not verification.verified:
        return None
    counting.flush()  # no page shall say "1 alert of 0 faces seen"
    return alert_raise(_verified(candidate, verification, portrait(probe, candidate.points)), now=timezone.now())


def _verified(candidate: Waiting, verification: Verification, face: np.ndarray) -> VerifiedCandidate:
    return VerifiedCandidate(
        camera_id=candidate.camera,
        subject_id=candidate.subject,
        reference_id=candidate.reference,
        captured_at=dt.datetime.fromtimestamp(candidate.received, dt.UTC),
        score=candidate.score,
        frames=candidate.frames,
        list_size=candidate.list_size,
        list_version=candidate.list_version,
        pack=candidate.pack,
        verification=_figures(verification),
        quality=_rounded(candidate.quality),
        probe=candidate.probe,
        portrait=write_jpeg(face),
    )


def _figures(verification: Verification) -> dict[str, Any]:
    figures = asdict(verification)
    figures.pop("verified")  # else there were no alert
    return _rounded(figures)


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
