"""Reading passages of consenting staff, and how well they are recognised at a deployment."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError

from watchlist.errors import NotFound
from watchlist.intervals import Share
from watchlist.models import UNANSWERED, Camera, Deployment, Kind, Passage, StaffSighting, Subject, User
from watchlist.passages import Noted, Outcome, Seen, Window, more_for, outcome_of, told_after, unnoted
from watchlist.permissions import Permission, deployment_for, require
from watchlist.selectors.figures import mistaken
from watchlist.selectors.gallery import listed


@dataclass(frozen=True, slots=True)
class Recognition:
    """How well people are recognised here, as far as passages of staff can show it."""

    share: Share  # recognised, of the passages that are over
    people: int  # who made those passages: several of one person hang together
    running: int
    cut_short: int
    struck: int
    unnoted: int  # alerts on staff of whom nobody noted that they pass
    more: int  # passages until the rate is known to five points

    @property
    def low(self) -> float:
        return self.share.interval[0]

    @property
    def high(self) -> float:
        return self.share.interval[1]


@dataclass(frozen=True, slots=True)
class Told:
    """A passage with what became of it."""

    passage: Passage
    outcome: Outcome


def recognition_of(deployment: Deployment, now: dt.datetime) -> Recognition:
    passages, seen = _read(deployment)
    told = _told(deployment, passages, seen, now)
    counts = Counter(each.outcome for each in told)
    over = {each.passage.subject_id for each in told if each.outcome in (Outcome.RECOGNISED, Outcome.MISSED)}
    share = Share(counts[Outcome.RECOGNISED], counts[Outcome.RECOGNISED] + counts[Outcome.MISSED])
    return Recognition(
        share=share,
        people=len(over),
        running=counts[Outcome.RUNNING],
        cut_short=counts[Outcome.CUT_SHORT],
        struck=counts[Outcome.STRUCK],
        unnoted=unnoted([_noted(each) for each in passages], seen),
        more=more_for(share),
    )


def passages_told(deployment: Deployment, now: dt.datetime) -> list[Told]:
    """Newest first."""
    return _told(deployment, *_read(deployment), now)


def shares_by_subject(deployment: Deployment, now: dt.datetime) -> Mapping[UUID, Share]:
    """Recognised of the passages that are over, of each person who made one."""
    outcomes: dict[UUID, Counter[Outcome]] = {}
    for each in passages_told(deployment, now):
        if each.outcome in (Outcome.RECOGNISED, Outcome.MISSED):
            outcomes.setdefault(each.passage.subject_id, Counter())[each.outcome] += 1
    return {subject: Share(each[Outcome.RECOGNISED], each.total()) for subject, each in outcomes.items()}


def passages_for(user: User, deployment: Deployment, now: dt.datetime) -> list[Told]:
    """Newest first. Raises NotAllowed."""
    require(user, Permission.PASSAGE_VIEW, deployment)
    return passages_told(deployment, now)


def passage_for(user: User, pk: UUID | str, permission: Permission = Permission.PASSAGE_VIEW) -> Passage:
    """One passage, if this person has `permission` at its deployment. Raises NotFound or NotAllowed."""
    try:
        passage = Passage.objects.select_related("deployment", "subject", "camera").get(pk=pk)
        deployment_for(user, passage.deployment_id, permission)
    except (Passage.DoesNotExist, ValidationError, NotFound):
        raise NotFound("no_passage", "There is no such passage, or you have no role at its deployment.") from None
    return passage


def staff_to_pass(deployment: Deployment, now: dt.datetime) -> list[Subject]:
    """Staff who can be recognised here now: listed, with an image that is searched, their consent standing."""
    searched = listed(deployment.pk, now).values("subject")
    return list(Subject.objects.filter(pk__in=searched, kind=Kind.STAFF).order_by("name", "record_number"))


def cameras_past(deployment: Deployment) -> list[Camera]:
    return list(deployment.cameras.order_by("name"))


def _read(deployment: Deployment) -> tuple[list[Passage], list[Seen]]:
    passages = list(deployment.passages.select_related("subject", "camera", "noted_by"))
    wrong = set(mistaken(deployment.alerts.all()).values_list("pk", flat=True))
    over = set(deployment.alerts.filter(seeded=True).exclude(state__in=UNANSWERED).values_list("pk", flat=True))
    seen = [
        Seen(each.camera_id, each.subject_id, each.captured_at, each.alert_id in over, each.alert_id in wrong)
        for each in StaffSighting.objects.filter(deployment=deployment)
    ]
    return passages, seen


def _told(deployment: Deployment, passages: list[Passage], seen: list[Seen], now: dt.datetime) -> list[Told]:
    after, closed_at = told_after(deployment.alert_seconds), deployment.closed_at
    return [
        Told(each, outcome_of(_noted(each), seen, told_after=after, now=now, closed_at=closed_at)) for each in passages
    ]


def _noted(passage: Passage) -> Noted:
    window = Window(passage.starts_at, passage.ends_at)
    return Noted(passage.camera_id, passage.subject_id, window, passage.struck_at is not None)
