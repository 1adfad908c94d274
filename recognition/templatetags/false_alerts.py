"""What a threshold means, in words: the false alerts to expect. A score is never shown without it."""

from django import template

from recognition.conf import conf
from recognition.packs.calibration import Calibration, Frames, shipped
from recognition.packs.registry import find

register = template.Library()

LIST_SIZES = (1, 10, 100, 1000)

CERTAIN = 0.5  # from here on "one in two" says less than "most"


@register.simple_tag
def false_alert_rate(threshold: float, templates: int, pack: str = "") -> str:
    """`about one false alert in 4,200 faces`, for a list of this many templates."""
    calibration = _calibration(pack)
    if calibration is None:
        return "the false alerts to expect are not known: this pack has no calibration"
    if not templates:
        return "no false alerts: the list is empty"
    rate = calibration.false_alert_rate(threshold, gallery_size=templates)
    if rate >= CERTAIN:
        return "a false alert for most faces"
    return f"about one false alert in {_rounded(1 / rate):,} faces"


@register.simple_tag
def false_alert_count(threshold: float, templates: int, footfall: int, pack: str = "") -> str:
    """`1.2 false alerts expected among 5,000 faces`; empty where it is not known."""
    calibration = _calibration(pack)
    if calibration is None or not templates:
        return ""
    expected = calibration.expected_false_alerts(threshold, gallery_size=templates, footfall=footfall)
    if expected < 0.1:
        said = "fewer than 0.1"
    else:
        said = f"about {expected:.1f}" if expected < 10 else f"about {expected:,.0f}"
    return f"{said} expected among {footfall:,} faces"


@register.simple_tag
def alike_by_chance(score: float, pack: str) -> str:
    """`About one pair in 4,200 of two different people is as much alike.`, where a face was compared with one image."""
    calibration = _calibration(pack)
    if calibration is None:
        return "How often two different people are as much alike is not known: this pack has no calibration."
    measured_to = calibration.non_mated[Frames.SINGLE].measured_to
    rate = calibration.false_alert_rate(min(score, measured_to), gallery_size=1)
    how_many = "Fewer than" if score > measured_to else "About"
    return f"{how_many} one pair in {_rounded(1 / rate):,} of two different people is as much alike."


@register.simple_tag
def unlike_by_chance(score: float, pack: str) -> str:
    """`About one pair in 320 of pictures of one person is as little alike.`, and of two different people how many."""
    calibration = _calibration(pack)
    if calibration is None:
        return "How often pictures of one person are as little alike is not known: this pack has no calibration."
    lowest = calibration.thresholds[0]
    rate = 1 - calibration.recognised_share(max(score, lowest), frames=Frames.SINGLE)
    if rate <= 0:
        return "Hardly any pictures of one person are as little alike."
    said = f"one pair in {_rounded(1 / rate):,} of pictures of one person is as little alike"
    if score < lowest:
        return f"Fewer than {said}."
    strangers = 100 * (1 - calibration.false_alert_rate(score, gallery_size=1))
    return f"About {said}; of two different people, {strangers:.0f} pairs in 100 are."


@register.simple_tag
def promised_thresholds() -> list[tuple[int, float, bool]]:
    """Images listed, the threshold that keeps the promised rate for so many, and whether that is drawn out beyond data.

    Empty where the pack has no calibration.
    """
    calibration = _calibration("")
    if calibration is None:
        return []
    return [
        (size, calibration.threshold_for(gallery_size=size), size > calibration.largest_list()) for size in LIST_SIZES
    ]


@register.simple_tag
def extrapolated(threshold: float, pack: str = "") -> bool:
    """True where so few comparisons were that alike that the figure is drawn out, not counted."""
    calibration = _calibration(pack)
    return calibration is not None and threshold > max(c.measured_to for c in calibration.non_mated.values())


def _calibration(pack: str) -> Calibration | None:
    try:
        return shipped(pack or find(conf().pack).identifier)
    except LookupError:
        return None


def _rounded(number: float) -> int:
    """Two figures: more would promise what no calibration holds."""
    whole = max(1, round(number))
    return round(whole, 2 - len(str(whole))) if whole >= 100 else whole
