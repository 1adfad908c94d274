"""Is recognition as good for all groups of people? Passages of consenting staff, by groups that the caller brings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from watchlist.fairness import Comparison, compare, ten_points
from watchlist.groups import groups_of
from watchlist.intervals import Share
from watchlist.models import Deployment, Kind, Subject, User
from watchlist.permissions import Permission, require
from watchlist.selectors.passages import shares_by_subject
from watchlist.services import audit
from watchlist.services.validation import worded


@dataclass(frozen=True, slots=True)
class ByGroup:
    """The rate of recognition of each group, compared; `people` made its passages."""

    comparison: Comparison
    people: Mapping[str, int]
    undeclared: Share  # of people who are in no group, and are left out


@transaction.atomic
def recognition_by_group(*, actor: User, deployment: Deployment, lines: Iterable[str], why: str) -> ByGroup:
    """`lines` are CSV, record number and group of each member of staff. Of the groups nothing is kept, not even in the
    record, which holds who compared them and why. Raises UnreadableGroups, NotAllowed, InvalidInput."""
    require(actor, Permission.AUDIT_READ, deployment)
    why = worded(why, field="why", why="Say why the groups are compared.")
    staff = Subject.objects.filter(kind=Kind.STAFF, entries__deployment=deployment)
    numbers: dict[str, UUID] = dict(staff.values_list("record_number", "pk"))
    groups = groups_of(lines, known=numbers)
    told = _by_group(groups, numbers, shares_by_subject(deployment, timezone.now()))
    audit.record(
        "fairness.compared",
        actor=actor,
        deployment=deployment,
        facts={"people": len(groups), "passages": sum(share.of for share in told.comparison.shares.values())},
        detail={"why": why},
    )
    return told


def _by_group(groups: Mapping[str, str], numbers: Mapping[str, UUID], shares: Mapping[UUID, Share]) -> ByGroup:
    members: dict[str, list[Share]] = {group: [] for group in sorted(set(groups.values()))}
    left_out = dict(shares)
    for number, group in groups.items():
        share = left_out.pop(numbers[number], None)
        if share is not None:
            members[group].append(share)
    comparison = compare({group: _together(each) for group, each in members.items()}, worse=ten_points)
    people = {group: len(each) for group, each in members.items()}
    return ByGroup(comparison, people, _together(left_out.values()))


def _together(shares: Iterable[Share]) -> Share:
    each = list(shares)
    return Share(sum(share.count for share in each), sum(share.of for share in each))
