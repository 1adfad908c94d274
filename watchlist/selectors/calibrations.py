"""Which calibration counts for a pack, and what a deployment's promise comes to under it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from watchlist import calibration
from watchlist.errors import Refused
from watchlist.models import Calibration, Deployment, Proposal
from watchlist.selectors.gallery import templates_searched


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise about false alerts with the threshold that is to keep it, and what that comes to for a list."""

    one_in: int  # faces to a false alert, at most
    threshold: float  # fused cosine similarity
    templates: int  # searched now
    stored: Calibration
    measured: calibration.Calibration

    @property
    def false_alert_rate(self) -> float:
        """Expected share of unlisted faces that raise a false alert; 0 for an empty list."""
        return self.measured.false_alert_rate(self.threshold, templates=self.templates)

    @property
    def recognised(self) -> float:
        """Expected share of listed people recognised per good passage."""
        return self.measured.recognised_share(self.threshold)

    @property
    def extrapolated(self) -> bool:
        """Whether so few comparisons were that alike that the figures are drawn out, not counted."""
        return not self.measured.measures(self.threshold)

    @property
    def largest(self) -> int:
        """Templates up to which the calibration can speak for this promise."""
        return self.measured.largest_list(one_in=self.one_in)


def newest_calibration(pack: str) -> Calibration | None:
    """The one that counts: of those measured here the last stored, else the last that came with the software."""
    return Calibration.objects.filter(pack=pack).order_by("shipped", "-pk").first()


def calibration_for(pack: str) -> Calibration:
    """As `newest_calibration`; Refused, naming the command, where there is none."""
    stored = newest_calibration(pack)
    if stored is None:
        name = pack.rpartition("-")[0] or pack
        raise Refused(
            "no_calibration",
            f"The pack {pack} has no calibration, so nobody knows how often it is wrong. Whoever runs the server "
            f"measures one with `manage.py calibrate DIR --pack {name}`; or choose another pack.",
        )
    return stored


def measured(stored: Calibration) -> calibration.Calibration:
    """What was stored, read."""
    return _read(stored.content)


def spread_of(deployment: Deployment) -> float:
    """How far scores of one person lie apart, by the calibration that its threshold was worked out from.

    Without a query but for the first time: calibrations do not change, and frames ask often.
    """
    if deployment.calibration_id is None:
        return measured(calibration_for(deployment.pack)).spread
    return _spread(deployment.calibration_id)


def promise_of(deployment: Deployment) -> Promise | None:
    """As it was fixed, or for a draft as it would be now. None where its pack has no calibration."""
    stored = deployment.calibration or newest_calibration(deployment.pack)
    if stored is None:
        return None
    found, templates, threshold = measured(stored), templates_searched(deployment.pk), deployment.threshold
    if threshold is None:
        threshold = found.threshold_for(templates=templates, one_in=deployment.one_in)
    return Promise(deployment.one_in, threshold, templates, stored, found)


def proposed_promise(proposal: Proposal) -> Promise | None:
    """What the deployment's would be if this were agreed to now. None where its pack has no calibration."""
    stored = newest_calibration(proposal.deployment.pack)
    return None if stored is None else _promised(stored, proposal.after, templates_searched(proposal.deployment_id))


def promises_of(deployment: Deployment, ones_in: Iterable[int]) -> list[Promise]:
    """What each of these would come to for its list as it is; without those that its calibration cannot speak for."""
    stored, templates = newest_calibration(deployment.pack), templates_searched(deployment.pk)
    if stored is None:
        return []
    spoken_for = [one_in for one_in in ones_in if templates <= measured(stored).largest_list(one_in=one_in)]
    return [_promised(stored, one_in, templates) for one_in in spoken_for]


def _promised(stored: Calibration, one_in: int, templates: int) -> Promise:
    found = measured(stored)
    return Promise(one_in, found.threshold_for(templates=templates, one_in=one_in), templates, stored, found)


def require_spoken_for(stored: Calibration, *, templates: int, one_in: int) -> None:
    """Refused where so long a list rests on comparisons that nobody has made, with the size it could have."""
    largest = measured(stored).largest_list(one_in=one_in)
    if templates > largest:
        raise Refused(
            "list_too_long",
            f"{templates:,} listed templates, one for each image and one more for each person with several, are too "
            f"many for {stored.pack} at one false alert in {one_in:,} faces: its calibration of "
            f"{stored.measured_on:%d %B %Y} can speak for {largest:,}. Shorten the list, or use a stronger pack, or "
            "have the pack calibrated on more people.",
        )


@lru_cache(maxsize=64)
def _spread(calibration: int) -> float:
    return measured(Calibration.objects.get(pk=calibration)).spread


@lru_cache(maxsize=16)
def _read(content: str) -> calibration.Calibration:
    return calibration.from_json(content)
