"""`python -m lfrweb.prepare`: brings the database to this version's shape, and the demo into it where it is wanted."""

import os
from collections.abc import Iterator

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")
    django.setup()
    from django.core.management import call_command

    from lfrweb.env import STATE

    call_command("migrate", interactive=False)
    STATE.notices.write_text("".join(f"{notice}\n" for notice in prepared()))


def prepared() -> Iterator[str]:
    """Does what a migrated database still needs; what `./run` is to tell whoever started it."""
    from django.conf import settings
    from django.core.management import CommandError, call_command

    from watchlist.selectors.users import administrators

    if settings.LFR_DEMO:
        try:
            call_command("seed_demo")
        except CommandError as error:
            yield f"There is no new demo deployment: {error} Everything else runs; LFR_DEMO=0 starts without the demo."
    if not administrators().exists():
        yield (
            "Nobody administers this installation yet, so nobody can be let in. Make the first administrator with\n"
            "    .venv/bin/python manage.py create_administrator USERNAME"
        )


if __name__ == "__main__":
    main()
