#!/usr/bin/env python
"""Django's command line for lfrweb. Uses the servers that run in this checkout, or starts them for the call."""

import os
import sys

# What these do needs neither database nor Redis.
WITHOUT_SERVERS = {"calibrate", "check", "diffsettings", "evaluate", "help", "makemessages", "models", "version"}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfrweb.settings")
    from django.core.management import execute_from_command_line

    from lfrweb.embedded.errors import CannotStart
    from lfrweb.embedded.servers import servers
    from lfrweb.env import EMBEDDED, STATE

    if not sys.argv[1:] or sys.argv[1] in WITHOUT_SERVERS or "--help" in sys.argv:
        execute_from_command_line(sys.argv)
        return 0
    try:
        with servers(STATE, wanted=EMBEDDED):
            execute_from_command_line(sys.argv)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
