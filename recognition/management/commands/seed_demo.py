"""`manage.py seed_demo`: the demo's accounts, listed person, live deployment and sample footage, as far as missing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recognition.demo.accounts import demo_people
from recognition.demo.deployment import demo_deployment
from recognition.footage.sample import sample
from watchlist.errors import WatchlistError


class Command(BaseCommand):
    help = "Makes the demo's accounts, listed person, live deployment and sample footage, as far as they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LFR_DEMO:
            raise CommandError(
                "Demo accounts and data have no place in a database of your own. If that is what you want, "
                "start with `./run --demo`, or set LFR_DEMO=1."
            )
        try:
            people = demo_people(settings.LFR_VAR / "demo-accounts.txt")
            sample()
            deployment = demo_deployment(people)
        except (WatchlistError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The demo deployment is live until {deployment.ends_at:%Y-%m-%d %H:%M} UTC.")
