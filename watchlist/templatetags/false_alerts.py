"""What a promise or a threshold means, in words: the false alerts to expect, and who is recognised all the same."""

from django import template

from watchlist.calibration import Frames
from watchlist.models import Deployment
from watchlist.packs import offered_packs
from watchlist.selectors import calibrations
from watchlist.selectors.calibrations import Promise, measured, newest_calibration, promises_of
from watchlist.templatetags.shares import percent

register = template.Library()

LIST_SIZES = (1, 20, 100)
ONES_IN = (100, 200, 500, 1000, 2000, 5000, 10_000)

CERTAIN = 0.5  # from here on "one in two" says less than "most"
RAREST = 1e-9  # rarer than that no camera will see, and no figure drawn out so far means anything

ALL = 0.995  # from here on a share rounds to all of them, which no calibration can promise

register.simple_tag(calibrations.promise_of)
register.simple_tag(calibrations.proposed_promise)


@register.filter
def words(promise: Promise, footfall: int) -> str:
    """`about one false alert in 4,200 faces, about 1.2 at this footfall (5,000 faces), and about 75 % of listed people
    recognised per good passage`."""
    if not promise.templates:
        return "no false alerts: the list is empty"
    faces = "face" if footfall == 1 else "faces"
    return (
        f"{_one_in(promise.false_alert_rate)}, {expected(promise, footfall)} at this footfall ({footfall:,} {faces}), "
        f"and {recognised(promise)} of listed people recognised per good passage"
    )


@register.filter
def expected(promise: Promise, footfall: int) -> str:
    """`about 4.7` false alerts, among so many faces."""
    return _number(promise.measured.false_alerts(promise.threshold, templates=promise.templates, footfall=footfall))


@register.filter
def recognised(promise: Promise) -> str:
    """`about 75 %` of listed people."""
    return f"more than {percent(0.99)}" if promise.recognised >= ALL else f"about {percent(promise.recognised)}"


@register.simple_tag
def no_calibration(deployment: Deployment) -> str:
    """Why nothing can be said of it."""
    return f"The false alerts to expect are not known: the pack {deployment.pack} has no calibration."


@register.simple_tag
def false_alert_rate(threshold: float, templates: int, pack: str) -> str:
    """`about one false alert in 4,200 faces`, for a list of this many templates."""
    stored = newest_calibration(pack)
    if stored is None:
        return "the false alerts to expect are not known: this pack has no calibration"
    if not templates:
        return "no false alerts: the list is empty"
    return _one_in(measured(stored).false_alert_rate(threshold, templates=templates))


@register.simple_tag
def alike_by_chance(score: float, pack: str) -> str:
    """`About one pair in 4,200 of two different people is as much alike.`, where a face was compared with one image."""
    stored = newest_calibration(pack)
    if stored is None:
        return "How often two different people are as much alike is not known: this pack has no calibration."
    calibration = measured(stored)
    measured_to = calibration.non_mated.measured_to
    rate = calibration.false_alert_rate(min(score, measured_to), templates=1)
    how_many = "About" if calibration.measures(score) else "Fewer than"
    return f"{how_many} one pair in {_rounded(1 / rate):,} of two different people is as much alike."


@register.simple_tag
def unlike_by_chance(score: float, pack: str) -> str:
    """`About one pair in 320 of pictures of one person is as little alike.`, and of two different people how many."""
    stored = newest_calibration(pack)
    if stored is None:
        return "How often pictures of one person are as little alike is not known: this pack has no calibration."
    calibration = measured(stored)
    lowest = calibration.thresholds[0]
    rate = 1 - calibration.recognised_share(max(score, lowest), frames=Frames.SINGLE)
    if rate <= 0:
        return "Hardly any pictures of one person are as little alike."
    said = f"one pair in {_rounded(1 / rate):,} of pictures of one person is as little alike"
    if score < lowest:
        return f"Fewer than {said}."
    strangers = 100 * (1 - calibration.false_alert_rate(score, templates=1))
    return f"About {said}; of two different people, {strangers:.0f} pairs in 100 are."


@register.simple_tag
def promised(one_in: int) -> list[tuple[str, list[Promise]]]:
    """Of each pack that is offered, what such a promise comes to for lists of some lengths, up to the longest that its
    calibration can speak for: nothing where it has none, or can speak for no list at all."""
    return [(pack.identifier, _promised(one_in, pack.identifier)) for pack in offered_packs()]


@register.simple_tag
def choices(deployment: Deployment) -> list[Promise]:
    """What other promises would come to there, from loose to strict; none while the list is empty."""
    others = [one_in for one_in in ONES_IN if one_in != deployment.one_in]
    return [promise for promise in promises_of(deployment, others) if promise.templates]


def _promised(one_in: int, pack: str) -> list[Promise]:
    stored = newest_calibration(pack)
    if stored is None:
        return []
    found = measured(stored)
    largest = found.largest_list(one_in=one_in)
    sizes = sorted({*(size for size in LIST_SIZES if size < largest), *([largest] if largest else [])})
    return [Promise(one_in, found.threshold_for(templates=size, one_in=one_in), size, stored, found) for size in sizes]


def _one_in(rate: float) -> str:
    if rate >= CERTAIN:
        return "a false alert for most faces"
    if rate < RAREST:
        return f"fewer than one false alert in {1 / RAREST:,.0f} faces"
    return f"about one false alert in {_rounded(1 / rate):,} faces"


def _number(expected: float) -> str:
    if expected < 0.1:
        return "fewer than 0.1"
    return f"about {expected:.1f}" if expected < 10 else f"about {expected:,.0f}"


def _rounded(number: float) -> int:
    """Two figures: more would promise what no calibration holds."""
    whole = max(1, round(number))
    return round(whole, 2 - len(str(whole))) if whole >= 100 else whole
