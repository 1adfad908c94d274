"""`manage.py fairness`: how well each group of consenting staff was recognised, and what that can tell."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from watchlist.errors import WatchlistError
from watchlist.fairness import Gap
from watchlist.groups import UnreadableGroups
from watchlist.intervals import Share
from watchlist.models import User
from watchlist.permissions import Permission, deployment_for
from watchlist.services.fairness import ByGroup, recognition_by_group

CAUTION = (
    "Intervals are of 95 %, as if each passage were another person's: where few people made many passages, the truth "
    "is less certain than they say."
)


class Command(BaseCommand):
    help = (
        "Compares how well groups of consenting staff were recognised at a deployment. The groups are what people "
        "declared or an officer recorded; they are read from the file, printed, and kept nowhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--deployment", required=True, metavar="UUID")
        parser.add_argument("--groups", required=True, type=Path, metavar="CSV", help="Columns: record_number, group.")
        parser.add_argument("--actor", required=True, metavar="USERNAME", help="Who compares them; an auditor.")
        parser.add_argument("--why", required=True, help="What for; it goes on the record.")
        parser.add_argument("--json", action="store_true", help="For programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["actor"], is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active user {options['actor']}: name an auditor with --actor.")
        try:
            deployment = deployment_for(person, options["deployment"], Permission.DEPLOYMENT_VIEW)
            with options["groups"].open(encoding="utf-8-sig", newline="") as lines:
                told = recognition_by_group(actor=person, deployment=deployment, lines=lines, why=options["why"])
        except (WatchlistError, ValidationError) as error:
            raise CommandError(getattr(error, "message", str(error))) from error
        except UnreadableGroups as error:
            raise CommandError(f"{options['groups']}: {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['groups']} cannot be read: {error}.") from error
        self.stdout.write(_for_programs(told) if options["json"] else _for_people(told))


def _for_people(told: ByGroup) -> str:
    shares = told.comparison.shares
    width = max(len("group"), *map(len, shares))
    lines = [f"{'group':<{width}}  people  passages  recognised  rate (95 % interval)"]
    lines += [
        f"{group:<{width}}  {told.people[group]:>6}  {share.of:>8}  {share.count:>10}  {_rate(share)}"
        for group, share in shares.items()
    ]
    lines += ["", *(_gap(gap) for gap in told.comparison.gaps)]
    points = f"{100 * told.comparison.gap:.0f} points"
    lines += ["", f"To tell groups apart by {points}, each needs {told.comparison.needed} passages.", CAUTION]
    if told.undeclared.of:
        lines.append(f"{told.undeclared.of} passages of people without a group are left out.")
    return "\n".join(lines)


def _rate(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.2f} ({low:.2f} to {high:.2f})" if share.of else "none"


def _gap(gap: Gap) -> str:
    between = gap.difference
    if between is None:
        return f"{gap.first} less {gap.second}: {gap.told}"
    signed = f"{between.value:+.2f} ({between.low:+.2f} to {between.high:+.2f})"
    return f"{gap.first} less {gap.second}: {signed}: {gap.told}"


def _for_programs(told: ByGroup) -> str:
    figures = {
        "groups": [
            {
                "group": group,
                "people": told.people[group],
                "passages": share.of,
                "recognised": share.count,
                "rate": share.value if share.of else None,
                "interval": list(share.interval),
            }
            for group, share in told.comparison.shares.items()
        ],
        "differences": [
            {
                "first": gap.first,
                "second": gap.second,
                "difference": gap.difference and gap.difference.value,
                "interval": gap.difference and [gap.difference.low, gap.difference.high],
                "told": gap.told,
            }
            for gap in told.comparison.gaps
        ],
        "needed_in_each": told.comparison.needed,
        "gap": told.comparison.gap,
        "passages_without_a_group": told.undeclared.of,
    }
    return json.dumps(figures, indent=2)
