"""A warning in plain words: what was measured, and which images were held against each other. Never a bare score."""

from dataclasses import dataclass, replace

from django import template

from recognition.enrolment import warning_limits
from recognition.likeness import fitting
from watchlist.errors import Refused
from watchlist.models import ReferenceImage, ReferenceState, Resemblance
from watchlist.selectors.calibrations import calibration_for, measured
from watchlist.selectors.gallery import subject_templates
from watchlist.selectors.references import references
from watchlist.templatetags.false_alerts import alike_by_chance, unlike_by_chance

register = template.Library()


@dataclass(frozen=True, slots=True)
class Shown:
    what: str
    reference: ReferenceImage
    note: str = ""  # how many of the other images it fits


@dataclass(frozen=True, slots=True)
class Compared:
    """The images of a warning, the new one first; with `doubt` where those listed before do not fit each other."""

    images: tuple[Shown, ...]
    doubt: bool = False


@register.simple_tag
def what_was_measured(warning: Resemblance) -> str:
    """A sentence or two that end with a full stop."""
    if warning.score is None:
        return "Both were made from the identical file."
    pack = warning.reference.pack
    match warning.kind:
        case Resemblance.Kind.MISFIT:
            return unlike_by_chance(warning.score, pack)
        case Resemblance.Kind.SAME_FACE:
            likelier = "Among as many images as are listed, one person listed twice is the likelier reason."
            return f"{alike_by_chance(warning.score, pack)} {likelier}"
        case _:
            return f"{alike_by_chance(warning.score, pack)} Brothers, sisters and twins often are."


@register.simple_tag
def compared_images(warning: Resemblance) -> Compared:
    """Both images; or, of one that is unlike its own subject's, all of these. For whoever may see the warning."""
    if warning.kind != Resemblance.Kind.MISFIT:
        return Compared((Shown("New image", warning.reference), Shown("Already listed", warning.other)))
    before = references().filter(subject=warning.reference.subject_id, state=ReferenceState.ENROLLED)
    before = before.exclude(pk__in=(warning.reference_id, warning.other_id)).order_by("added_at")
    images = (
        Shown("New image", warning.reference),
        Shown("Listed before, the closest to it" if before else "Listed before", warning.other),
        *(Shown("Also listed", each) for each in before),
    )
    return _weighed(images, warning.reference)


def _weighed(images: tuple[Shown, ...], new: ReferenceImage) -> Compared:
    """Says of each image how many of the others it fits, where there are others enough to tell."""
    rows = subject_templates(new.subject_id, new.pack)
    try:
        limits = warning_limits(measured(calibration_for(new.pack)), compared=0)
    except Refused:  # no calibration of this pack any more: nothing can be said of a score
        return Compared(images)
    if len(rows) < 3:
        return Compared(images)
    fits = fitting(rows, limits)
    places = {row.reference_id: place for place, row in enumerate(rows)}
    before = [place for pk, place in places.items() if pk != str(new.pk)]
    noted = tuple(
        replace(shown, note=_note(int(fits[place].sum()) - 1, len(rows) - 1))
        if (place := places.get(str(shown.reference.pk))) is not None
        else shown
        for shown in images
    )
    return Compared(noted, doubt=not fits[before][:, before].all())


def _note(fitting_others: int, others: int) -> str:
    return f"Looks like {fitting_others} of the {others} others" if fitting_others else "Looks like none of the others"
