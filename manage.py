#!/usr/bin/env python
"""Django's command line for lfrweb. Uses the servers that run in this checkout, or starts them for the call."""

import os
import sys
from contextlib import nullcontext

# What these do needs neither database nor Redis of this checkout.
WITHOUT_SERVERS = {
    "check", "diffsettings", "evaluate", "help", "makemessages", "models", "stream", "version",
}  # fmt: skip


KEEPS_NOTHING = ("--out", "--dry-run")  # of `calibrate`, which else stores what it measured


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from lfrweb.embedded.errors import CannotStart
    from lfrweb.embedded.servers import servers
    from lfrweb.env import EMBEDDED, STATE

    keeps_nothing = sys.argv[1:2] == ["calibrate"] and any(each.startswith(KEEPS_NOTHING) for each in sys.argv)
    needs_none = not sys.argv[1:] or sys.argv[1] in WITHOUT_SERVERS or "--help" in sys.argv or keeps_nothing
    try:
        with nullcontext() if needs_none else servers(STATE, wanted=EMBEDDED):
            execute_from_command_line(sys.argv)
    except (CannotStart, ImproperlyConfigured) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
