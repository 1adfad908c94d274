"""`python -m lfrweb.prepare`: brings the database to this version's shape, and the demo into it where it is wanted."""

import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", interactive=False)
    if settings.LFR_DEMO:
        call_command("seed_demo")


if __name__ == "__main__":
    main()
