"""Working out the threshold that keeps a deployment's promise. Part of what other services do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from watchlist.models import Calibration, Deployment, DeploymentState
from watchlist.selectors.calibrations import calibration_for, measured, require_spoken_for
from watchlist.selectors.gallery import templates_searched
from watchlist.services import audit
from watchlist.services.calibrations import facts_of

FIXED = (DeploymentState.APPROVED, DeploymentState.LIVE, DeploymentState.PAUSED)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A threshold, what it was worked out from, and for how long a list."""

    threshold: float
    calibration: Calibration
    templates: int

    @property
    def columns(self) -> dict[str, Any]:
        return {"threshold": self.threshold, "calibration": self.calibration, "calibrated_for": self.templates}

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "threshold": self.threshold,
            "calibration": facts_of(self.calibration),
            "calibrated_for": self.templates,
        }


def worked_out(deployment: Deployment, *, one_in: int | None = None) -> Fixed:
    """For the list as it is now, from the calibration that counts now, for the promise given or else its own.

    Raises Refused where the pack has none, or where it cannot speak for so long a list.
    """
    stored, templates = calibration_for(deployment.pack), templates_searched(deployment.pk)
    one_in = deployment.one_in if one_in is None else one_in
    require_spoken_for(stored, templates=templates, one_in=one_in)
    return Fixed(measured(stored).threshold_for(templates=templates, one_in=one_in), stored, templates)


def only_tighter(deployment: Deployment, found: Fixed) -> Fixed:
    """`found`, or what was fixed before where that is stricter: without a second person nothing gets looser."""
    before, stored = deployment.threshold, deployment.calibration
    if before is None or stored is None or before <= found.threshold:
        return found
    return Fixed(before, stored, deployment.calibrated_for or 0)


@dataclass(frozen=True, slots=True)
class Tightened:
    """What a longer list did to the threshold of a deployment that was approved for a shorter one."""

    deployment: UUID
    before: float
    after: Fixed


def tighten_for_list(deployments: Iterable[UUID]) -> list[Tightened]:
    """Keeps the promise of what is approved or runs when an image has come to its list; `record_tightened` says so.

    Where the calibration cannot speak for so long a list the threshold is drawn out beyond what was measured, and the
    pages say that: an image that has been enrolled is not refused for it.
    """
    tightened = []
    for deployment in Deployment.objects.filter(pk__in=sorted(deployments), state__in=FIXED).order_by("pk"):
        stored, templates, before = deployment.calibration, templates_searched(deployment.pk), deployment.threshold
        if stored is None or before is None or templates <= (deployment.calibrated_for or 0):
            continue
        after = Fixed(measured(stored).threshold_for(templates=templates, one_in=deployment.one_in), stored, templates)
        if after.threshold > before:
            Deployment.objects.filter(pk=deployment.pk).update(**after.columns)
            tightened.append(Tightened(deployment.pk, before, after))
    return tightened


def record_tightened(tightened: Iterable[Tightened]) -> None:
    """One entry for each, after the entry of the act itself."""
    for each in tightened:
        audit.record(
            "threshold.tightened",
            actor=None,
            deployment=each.deployment,
            facts={"why": "list", "before": each.before, **each.after.facts},
        )
