"""`manage.py rotate_keys`: wraps every data key under a new master key."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lfrweb.embedded.processes import SUPERVISOR, recorded
from lfrweb.env import STATE, env
from lfrweb.secrets import kept_secret, master_key
from watchlist import durable, vault
from watchlist.services import audit


class Command(BaseCommand):
    help = (
        "Wraps every data key under a new master key; no row is touched. Stop web and workers first: they hold the old "
        "one. A master key that lfrweb keeps itself is replaced by a new one; one that stands in LFR_MASTER_KEY by the "
        "one in LFR_NEW_MASTER_KEY. A rotation that was cut short is finished by running it again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if SUPERVISOR in recorded(STATE):
            raise CommandError("lfrweb is running in this checkout with the old master key: stop it first.")
        if env.str("LFR_MASTER_KEY", default=""):
            self._to_given_key()
        else:
            self._to_kept_key()

    def _to_given_key(self) -> None:
        given = env.str("LFR_NEW_MASTER_KEY", default="")
        if not given:
            raise CommandError("Set LFR_NEW_MASTER_KEY to the new master key: the old one stands in LFR_MASTER_KEY.")
        count = _rotate(master_key(given))
        self.stdout.write(
            f"{count} data keys are wrapped anew. Set LFR_MASTER_KEY to the new key before the next start."
        )

    def _to_kept_key(self) -> None:
        # Kept before the first data key is wrapped with it, and made the master key when the last one is.
        following = settings.LFR_VAR / "master.key.next"
        count = _rotate(master_key(kept_secret(following)))
        durable.rename(following, settings.LFR_VAR / "master.key")
        self.stdout.write(f"{count} data keys are wrapped anew, under the new master key in {settings.LFR_VAR}.")


def _rotate(new: bytes) -> int:
    try:
        count = vault.rotate(settings.LFR_MASTER_KEY, new)
    except vault.VaultError as error:
        raise CommandError(str(error)) from error
    with transaction.atomic():
        audit.record("keys.rotated", actor=None, facts={"keys": count})
    return count
