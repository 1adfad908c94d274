"""What the quality of a reference image comes to, in words: each measure beside what is required of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template

from recognition.pipeline.limits import LIMITS

register = template.Library()


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    measured: str
    required: str
    met: bool


@register.simple_tag
def quality_measures(quality: Mapping[str, float]) -> list[Measured]:
    """A row for each measure that was taken when the image was checked, with what enrolment requires today."""
    return [
        Measured(
            name=limit.name.capitalize(),
            measured=limit.measured(quality[limit.measure]),
            required=limit.required(limit.enrolment),
            met=limit.met(quality[limit.measure], limit.enrolment),
        )
        for limit in LIMITS
        if limit.measure in quality
    ]


@register.simple_tag
def quality_share(quality: Mapping[str, float]) -> str:
    """`87 %`, of what a faultless face is worth in comparisons; empty where it was not measured."""
    return f"{quality['value']:.0%}".replace("%", " %") if "value" in quality else ""
