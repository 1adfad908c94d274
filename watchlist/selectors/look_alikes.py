"""Who looks like a person sought? Pairs that a steward has answered: these are two people."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from watchlist.models import ListEntry, Resemblance, Subject
from watchlist.selectors.references import resemblances


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Another person of the watch-list who looks like the one sought, without a name or a picture of them.

    Whoever is shown this was given an alert on the one, not on the other: docs/decisions/0011-look-alikes.md.
    """

    listed_here: bool  # on the list of the same deployment
    marks: tuple[str, ...]  # what the person sought is known by, in a steward's words, newest first
    other_marks: tuple[str, ...]  # and the other


def two_people(subject_id: UUID | str) -> QuerySet[Resemblance]:
    """The answered warnings by which somebody else looks like this subject, newest answer first."""
    mine = Q(reference__subject=subject_id) | Q(other__subject=subject_id)
    return resemblances().filter(mine, answer=Resemblance.Answer.TWO_PEOPLE).order_by("-answered_at")


def known_look_alikes(subject_id: UUID | str) -> frozenset[UUID]:
    """The subjects who look like this one."""
    return frozenset(_other(pair, subject_id).pk for pair in two_people(subject_id))


def look_alikes(subject_id: UUID | str, deployment_id: UUID | str) -> list[LookAlike]:
    """One for each person who looks like this subject. For an alert that `alert_for` gave, once it may name whom."""
    pairs: dict[UUID, list[Resemblance]] = {}
    for pair in two_people(subject_id):
        pairs.setdefault(_other(pair, subject_id).pk, []).append(pair)
    entries = ListEntry.objects.filter(deployment_id=deployment_id, subject__in=list(pairs), removed_at__isnull=True)
    here = set(entries.values_list("subject_id", flat=True))
    return [LookAlike(other in here, _marks(known, subject_id), _marks(known, other)) for other, known in pairs.items()]


def _marks(pairs: list[Resemblance], subject_id: UUID | str) -> tuple[str, ...]:
    """What was written of this one of the two, each once."""
    written = (pair.marks if str(pair.reference.subject_id) == str(subject_id) else pair.other_marks for pair in pairs)
    return tuple(dict.fromkeys(filter(None, written)))


def answered_between(warning: Resemblance) -> list[Resemblance]:
    """What was answered before about the same two subjects, newest first; none of a warning within one subject."""
    first, second = warning.reference.subject_id, warning.other.subject_id
    same = Q(reference__subject=first, other__subject=second) | Q(reference__subject=second, other__subject=first)
    before = resemblances().filter(same).exclude(answer="").exclude(pk=warning.pk).order_by("-answered_at")
    return [] if first == second else list(before)


def known_pairs(subject_id: UUID | str) -> list[tuple[Subject, Resemblance]]:
    """Each look-alike once, with the newest answer that says so. For whoever may see both entries."""
    pairs: dict[UUID, tuple[Subject, Resemblance]] = {}
    for pair in two_people(subject_id):
        other = _other(pair, subject_id)
        pairs.setdefault(other.pk, (other, pair))
    return list(pairs.values())


def _other(pair: Resemblance, subject_id: UUID | str) -> Subject:
    one = pair.reference.subject
    return pair.other.subject if str(one.pk) == str(subject_id) else one
